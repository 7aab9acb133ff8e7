def zeros(n: int):
    import torch

    return torch.zeros(n, n)


def ones(n: int):
    import os, torch
    return torch.ones(n, n), os.sep
