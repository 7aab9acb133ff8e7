import torch.nn.functional as F
from torch import nn


class Outer(nn.Module):
    class F(nn.Module):
        def forward(self, x):
            return x + 1

    def __init__(self):
        super().__init__()
        self.inner = self.F()

    def forward(self, x):
        return F.relu(self.inner(x))
