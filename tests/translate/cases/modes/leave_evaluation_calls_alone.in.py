import torch
from torch import nn


def swap(model: nn.Module, x: torch.Tensor) -> torch.Tensor:
    model.eval()
    y = model(x)
    model.train()
    return y
