import torch
from torch import nn


def halve(model: nn.Module):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for group in optimizer.param_groups:
        group["lr"] *= 0.5
    return optimizer
