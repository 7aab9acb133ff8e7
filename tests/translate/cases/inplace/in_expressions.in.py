import torch
import torch.nn.functional as F


def squash(x: torch.Tensor) -> torch.Tensor:
    y = torch.relu_(x * 2)
    y = F.relu(y, inplace=True)
    return y.clamp_(0, 1)
