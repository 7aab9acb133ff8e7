import torch
from torch import nn


def gathered(model: nn.Module, x: torch.Tensor):
    if len(x) == 0:
        return 0.0
    loss = model(x).sum()
    loss.backward()
    return loss.item()


def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor):
    optimizer.zero_grad()
    value = gathered(model, x)
    optimizer.step()
    return value
