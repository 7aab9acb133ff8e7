import torch


def shifted(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    x = x * 2
    x.add_(y)
    x.mul_(0.5).sub_(1)  # and back
    return x
