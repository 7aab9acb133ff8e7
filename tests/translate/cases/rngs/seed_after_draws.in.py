import torch
from torch import nn

x = torch.randn(3)
torch.manual_seed(42)
model = nn.Linear(3, 2)


def f(seed):
    a = torch.randn(3)
    torch.manual_seed(seed)
    b = torch.randn(3)
    return a + b


def g(seed=None):
    if seed is not None:
        torch.manual_seed(seed)
    return torch.randn(3)


def h(seed):
    torch.manual_seed(seed)
    for _ in range(2):
        y = torch.randn(3)
    return y


def main(seed=None):
    if seed:
        torch.manual_seed(seed)
    return f(1) + g(seed) + h(2)
