import torch


def f(x: torch.Tensor) -> torch.Tensor:
    y = torch.frobnicate(x)
    return torch.exp(y)
