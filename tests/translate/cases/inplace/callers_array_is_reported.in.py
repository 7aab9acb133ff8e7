import torch


def reset(x: torch.Tensor) -> None:
    x.zero_()
