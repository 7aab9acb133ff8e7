import torch


def noise(x):
    return x + torch.randn(3)


def choose(flag, x):
    if flag:
        wrapper = noise
    else:
        wrapper = torch.relu
    return wrapper(x)
