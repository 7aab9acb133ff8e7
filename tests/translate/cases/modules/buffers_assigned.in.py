import torch
from torch import nn


class Norm(nn.Module):
    """Keeps running means, a mask that grows, and a cache that may be absent."""

    def __init__(self, width: int, momentum: float = 0.1):
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("last", torch.zeros(width))
        self.register_buffer("low", torch.zeros(width))
        self.register_buffer("high", torch.zeros(width))
        self.register_buffer("mask", torch.empty(0), persistent=False)
        self.register_buffer("cache", None)

    def forward(self, x):
        if self.training:
            mean = x.mean(dim=0)
            self.last = self.mean
            with torch.no_grad():
                self.mean = (1 - self.momentum) * self.mean + self.momentum * mean
            self.low, self.high = x.amin(0), x.amax(0)
        if self.mask.shape[0] < x.shape[0]:
            self.mask = torch.ones(x.shape[0], 1)
        self.cache = 2 * x
        return (x - self.mean) * self.mask


class Masked(nn.Module):
    """Registers a buffer on one way only."""

    def __init__(self, size: int, causal: bool):
        super().__init__()
        if causal:
            self.register_buffer("mask", torch.ones(size, size))
        else:
            self.mask = torch.empty(0)

    def forward(self, x):
        return x * self.mask
