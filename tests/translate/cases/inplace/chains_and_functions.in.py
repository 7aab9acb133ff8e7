import torch
from torch import nn


def start(n: int) -> torch.Tensor:
    x = torch.full((n, n), 2.0)
    y = torch.zeros(n, n)
    y.copy_(x)
    y.clamp_(min=0).div_(2)
    nn.init.zeros_(x)
    return x + y
