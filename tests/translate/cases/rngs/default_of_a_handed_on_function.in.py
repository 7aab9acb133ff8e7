import torch


def noise(n: int) -> torch.Tensor:
    return torch.randn(n, n)


def ones(n: int) -> torch.Tensor:
    return torch.ones(n, n)


def twice(make, n: int):
    return make(n) + make(n)


def both(n: int):
    return twice(noise, n) + twice(ones, n)
