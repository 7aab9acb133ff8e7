import torch
from torch import nn


class Block(nn.Module):
    """Its first layer works in place, as in residual networks with activations in front."""

    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(width, width))

    def forward(self, x):
        return self.body(x)


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.block = Block(width)
        self.head = nn.Linear(width, width)
        self.layers = nn.Sequential(nn.Linear(width, width), nn.ReLU(inplace=True))

    def forward(self, x):
        identity = x
        out = self.block(x)
        return out + identity

    def behind(self, x):
        x = self.head(x)
        x = self.block(x)
        return self.head(x)

    def features(self, x):
        found = []
        for layer in self.layers:
            x = layer(x)
            found.append(x)
        return found


def apply(layer: Block, x: torch.Tensor):
    y = layer(x)
    return x + y
