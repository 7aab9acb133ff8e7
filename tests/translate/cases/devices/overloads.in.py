from typing import overload

import torch
from other import grid


@overload
def points(x: torch.Tensor) -> torch.Tensor: ...
@overload
def points(x: list) -> list: ...
def points(x):
    device = x.device
    return grid(3, device=device)
