import torch
from torch import nn


def make(model: nn.Module):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2)
    return optimizer, scheduler
