import torch
from torch import nn


def watch(model: nn.Module, log: list[torch.Tensor]):
    for _, layer in model.named_children():
        layer.register_forward_hook(lambda module, args, output: log.append(output))


def update(cache, states: torch.Tensor):
    return cache.update(states + 1)
