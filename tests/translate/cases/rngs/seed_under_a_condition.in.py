import random

import torch


def set_seed(seed):
    random.seed(seed)
    torch.manual_seed(seed)


def train(seed, careful):
    random.seed(seed) if careful else set_seed(seed)
    return torch.randn(3)
