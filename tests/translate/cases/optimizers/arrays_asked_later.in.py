import torch
from torch import nn


def dream(content: torch.Tensor):
    image = content.clone()
    image.requires_grad_(True)
    scale = torch.ones(3)
    scale.requires_grad = True
    offset = nn.Parameter(torch.zeros(3))
    optimizer = torch.optim.Adam([image, scale, offset], lr=0.1)
    for step in range(3):
        optimizer.zero_grad()
        loss = (image * scale + offset).pow(2).sum()
        loss.backward()
        optimizer.step()
    return image.detach()
