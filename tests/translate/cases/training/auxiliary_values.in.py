import torch
from torch import nn


def step(model: nn.Module, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor):
    """One step."""
    model.train()
    optimizer.zero_grad(set_to_none=True)
    # forward
    logits = model(x)
    hidden = logits * 2
    loss = (hidden - y).abs().mean()  # robust
    # backward
    loss.backward()
    optimizer.step()
    return loss.item(), logits
