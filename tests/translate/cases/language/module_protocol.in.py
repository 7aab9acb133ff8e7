import torch
from torch import nn


class Frozen(nn.Module):
    def __init__(self, freeze=True):
        super().__init__()
        self.freeze = freeze
        self.norm = nn.BatchNorm2d(4)
        self._modules["last"] = nn.Linear(4, 2)

    def train(self, mode: bool = True):
        super().train(mode)
        if self.freeze:
            self.norm.eval()
        return self

    def forward(self, x):
        return self._modules["last"](self.norm(x).mean((2, 3)))


class Fixed(nn.Module):
    def train(self, mode=True):
        return super().train(False)

    def forward(self, x):
        return x


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Fixed()

    def __call__(self, x):
        return super().__call__(x)

    def forward(self, x):
        for m in self._modules.values():
            x = m(x)
        return x
