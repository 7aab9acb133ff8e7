import torch
from torch import nn


class Cache(nn.Module):
    def __init__(self, n: int):
        super().__init__()
        self.seen = torch.zeros(n)

    def forward(self, i: int, x: torch.Tensor) -> torch.Tensor:
        self.seen[i] = x.sum()
        return self.seen
