import torch
import torch.nn.functional as F


def residual(x: torch.Tensor, w: torch.Tensor):
    y = x @ w
    same = y
    y = F.relu(y, inplace=True)
    return y + same


def shown(x: torch.Tensor):
    y = x.exp()
    part = y[0]
    z = torch.sigmoid_(y)
    return z * part


def fresh(x: torch.Tensor, w: torch.Tensor):
    same = x
    y = x @ w
    y = F.relu(y, inplace=True)
    return y + same
