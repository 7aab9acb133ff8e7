import torch
from torch import nn, optim


def make(model: nn.Module, name: str, lr: float):
    if name == "adam":
        return torch.optim.Adam(model.parameters())
    if name == "adamw":
        return optim.AdamW(model.parameters(), lr=3e-4, betas=(0.9, 0.95), weight_decay=0.1)
    return optim.SGD(model.parameters(), lr=lr, momentum=0.9, nesterov=True)
