import math

import torch
from torch import nn


def trunc_normal_(tensor, std=1.0):
    with torch.no_grad():
        tensor.normal_(0, std)
        tensor.clamp_(min=-2.0, max=2.0)
    return tensor


def fill(tensor: torch.Tensor, value: float):
    return nn.init.constant_(tensor, value)


def rescale(param, depth):
    param.div_(math.sqrt(2.0 * depth))


def init(m, name):
    if isinstance(m, nn.Linear):
        trunc_normal_(m.weight, std=0.02)
        nn.init.ones_(m.bias) if "head" in name else nn.init.zeros_(m.bias)
    elif isinstance(m, nn.GroupNorm):
        fill(m.weight, 2.0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 4)
        self.norm = nn.GroupNorm(2, 4)
        self.register_buffer("calls", torch.zeros(()))
        for name, m in self.named_modules():
            init(m, name)
        rescale(self.head.weight.data, 2)
        for w in (self.norm.weight, self.norm.bias):
            nn.init.ones_(w)

    def count(self, calls):
        calls += 1

    def forward(self, x):
        self.count(self.calls)
        y = x.clone()
        shift(y, 1.0)
        normalize(y)
        return self.head(y) + total(self.head.weight)


def shift(x, by):
    x += by * torch.ones_like(x)
    return x


def normalize(x: torch.Tensor, skip: bool = False) -> None:
    if skip:
        return
    x.sub_(x.mean()).div_(x.std())


def total(w):
    return w.sum()
