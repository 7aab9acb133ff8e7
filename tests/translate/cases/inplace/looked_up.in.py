import torch
from torch import nn


@torch.no_grad()
def load(model: nn.Module, w: torch.Tensor):
    for i in range(3):
        getattr(model, f"layer{i}").weight.copy_(w[i])


def clear(module: nn.Module):
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        module.weight.data[module.padding_idx].zero_()
