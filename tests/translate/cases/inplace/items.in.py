import torch


def fill(n: int, row: torch.Tensor) -> torch.Tensor:
    out = torch.zeros(n, 4)
    out[0] = row
    out[1:3, 0] = 1.0
    out[-1] += row
    out[:, 1] *= 2
    out[:, 2] -= row[0]
    return out
