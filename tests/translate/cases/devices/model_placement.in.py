import torch
from torch import nn


def place(model: nn.Module, device: str = "cuda") -> nn.Module:
    model.to(device)
    model.cuda()
    if torch.cuda.is_available():
        torch.cuda.manual_seed_all(0)
    return model
