import torch
from torch import nn


class Quantised(nn.Parameter):
    """Is an array, and carries what it was quantised with."""

    def __new__(cls, data, scale=1.0):
        self = super().__new__(cls, data)
        self.scale = scale
        return self


def plain(width):
    return nn.Parameter(torch.zeros(width))
