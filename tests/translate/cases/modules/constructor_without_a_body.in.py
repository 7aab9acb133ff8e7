from torch import nn


class Shift(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return x + 1
