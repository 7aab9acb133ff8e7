import torch
from torch import nn


def halves(x):
    x = x.clone()
    first, second = x.chunk(2)
    first.mul_(2)
    return x, second


def second_name(x):
    y = x
    y += 1
    return x + y


def older_view(x):
    x = x.clone()
    flat = x.view(-1)
    x += 1
    return flat


def row(x: torch.Tensor, i: int):
    x = x.clone()
    r = x[i]
    r[0] = 1.0
    return x


def apart(x):
    y = x
    x = torch.relu(x)
    x += 1
    first, second = x.chunk(2)
    first += 1
    return first + second + y


class Cache(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("keys", torch.zeros(4, 4))
        self.last = torch.zeros(4)

    def forward(self, x):
        keys = self.keys
        keys[0] = x
        flat = self.keys.view(-1)
        flat[15] = 7.0
        last = self.last
        last[0] = 1.0
        self.last = last
        return self.keys + last
