import contextlib

import torch


def read(path: str) -> torch.Tensor:
    with open(path) as file, contextlib.suppress(ValueError):
        return torch.zeros(int(file.read()))
    return torch.zeros(0)
