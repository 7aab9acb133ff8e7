import torch


def total(x: torch.Tensor, steps: int) -> torch.Tensor:
    y = torch.zeros_like(x)
    for _ in range(steps):
        y += x
        y *= 2
    steps += 1
    return y / steps
