import torch
from torch import nn


def doubled_in_training(method):
    def inner(self, x):
        y = method(self, x)
        return 2 * y if self.training else y

    return inner


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    @doubled_in_training
    def forward(self, x):
        return self.fc(x)
