import torch
import torch.nn.functional as F


def f(x: torch.Tensor) -> torch.Tensor:
    y = torch.frobnicate(
        x,
        2,
    )  # keep me
    return F.nonsense(y) + x.size(0)
