import torch


def scan(x: torch.Tensor, limit: int) -> torch.Tensor:
    out = torch.zeros_like(x)
    for i in range(x.size(0)):
        if i < limit:
            out[i] = x[i] * 2
        else:
            out[i, 0] += 1  # only the first
    return out
