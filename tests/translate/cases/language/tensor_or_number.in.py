import torch


def rotate(x, scale=1):
    scale = scale[:, :3] if torch.is_tensor(scale) else scale
    return x.float() * scale


def use(x, flag):
    return rotate(x, torch.ones(3, 3) if flag else 1.0)
