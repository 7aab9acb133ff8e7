import torch


def lose(x: torch.Tensor) -> torch.Tensor:
    y = x * 2
    first = y[0]
    first.add_(1)
    return y
