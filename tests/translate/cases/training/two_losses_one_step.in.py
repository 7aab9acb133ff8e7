import torch
from torch import nn


def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor) -> None:
    optimizer.zero_grad()
    first = model(x).mean()
    first.backward()
    second = model(2 * x).mean()
    second.backward()
    optimizer.step()
