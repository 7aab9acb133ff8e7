import torch


def middle(x: torch.Tensor, n: int):
    return x[
        :,
        x.size(1) // 2 - n : x.size(1) // 2 + n,
    ]
