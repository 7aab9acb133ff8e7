import torch


def last(x: torch.Tensor) -> torch.Tensor:
    row = x[-1]
    row = row.add_(1)
    return row
