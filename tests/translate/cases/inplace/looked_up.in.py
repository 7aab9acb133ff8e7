import torch
from torch import nn


@torch.no_grad()
def load(model: nn.Module, w: torch.Tensor):
    for i in range(3):
        getattr(model, f"layer{i}").weight.copy_(w[i])
