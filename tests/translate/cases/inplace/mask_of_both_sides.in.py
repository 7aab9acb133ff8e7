import torch
from torch import nn


def blend(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    x = x.clone()
    mask = y > 0
    x[mask] = y[mask]
    x[mask] = 2 * x[mask] - y[mask] / 3
    x[mask] -= 1
    x[x > 1] *= y[x > 1]
    x[mask] = 1 / y[mask]
    return x


class Memory(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("slots", torch.zeros(4, 4))

    @torch.no_grad()
    def store(self, x: torch.Tensor):
        self.slots[0] = x
        self.slots[1] += x
        self.slots[2] = 0.0
        slots = self.slots
        slots.mul_(0.9)

    def forward(self, x):
        self.store(x)
        return self.slots * x
