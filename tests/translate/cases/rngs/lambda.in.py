import torch


def draws(n: int) -> list[torch.Tensor]:
    make = lambda k: torch.rand(k, 2)  # noqa: E731
    return [make(k) for k in range(n)]
