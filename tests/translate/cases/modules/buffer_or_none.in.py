import torch
from torch import nn


class Rotary(nn.Module):
    def __init__(self, scaled):
        super().__init__()
        if not scaled:
            self.register_buffer("scale", None)
            return
        self.register_buffer("scale", torch.ones(3))

    def forward(self, x):
        if self.scale is None:
            return x
        return x * self.scale if exists(self.scale) else x


def exists(value):
    return value is not None
