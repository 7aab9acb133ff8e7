import torch

import kernels


def fill(x: torch.Tensor, out: torch.Tensor):
    for i in range(x.shape[0]):
        out[i] = 2 * x[i]


if kernels.ready:
    fill_fast = kernels.fill
else:
    fill_fast = fill


def run(x: torch.Tensor, fast: bool) -> torch.Tensor:
    out = torch.zeros_like(x)
    if fast:
        fill_fast(x, out)
    else:
        fill(x, out)
    return out
