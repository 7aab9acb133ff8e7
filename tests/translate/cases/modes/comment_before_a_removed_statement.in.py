import torch
from torch import nn


def channels(model: nn.Module, size: int):
    with torch.no_grad():
        # a picture of zeros will do
        device = next(model.parameters()).device
        picture = torch.zeros(1, 3, size, size, device=device)
        features = model(picture)
    return features.shape[1]
