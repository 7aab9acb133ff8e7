"""A loop's variable is one more name of an array that something else may hold."""
import torch
from torch import nn


def decay(model: nn.Module, average: dict[str, torch.Tensor]):
    for name, param in model.named_parameters():
        param.data = average[name]


def clear(tensors: list[torch.Tensor]):
    for tensor in tensors:
        tensor.zero_()


def scale(loader):
    total = 0.0
    for images in loader:
        images.mul_(2)
        total += images.sum()
    return total


def collect(x: torch.Tensor):
    rows = [x[0].clone(), x[1].clone()]
    out = []
    for row in rows:
        row.add_(1)
        out.append(row)
    return out
