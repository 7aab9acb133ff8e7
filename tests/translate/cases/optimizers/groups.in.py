import torch
from torch import nn


def make(model: nn.Module):
    return torch.optim.SGD(
        [
            {"params": model.body.parameters()},
            {"params": model.head.parameters(), "lr": 1.0},
        ],
        lr=0.1,
    )
