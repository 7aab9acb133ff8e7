import torch


def noise(x):
    return torch.randn(3) + x


def report(x):
    print(f"{noise(x).sum():.3f}")
    return x
