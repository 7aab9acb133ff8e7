import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = nn.Linear(width, 1)
        self.shift = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.fc(x)


class Scaled:
    """Calls the layers that the class beside it has."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scale = 2.0

    def forward(self, x, shift=None):
        if self.training and shift is not None:
            x = x + shift
        return self.scale * self.fc(x) + abs(self.shift)


class ScaledNet(Scaled, Net):
    def both(self, x, shift):
        return self.forward(x, shift=shift)


class Path:
    def forward(self, x):
        return x


class Walk(Path):
    def twice(self, x):
        return self.forward(self.forward(x))
