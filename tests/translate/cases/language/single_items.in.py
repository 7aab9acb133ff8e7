import random
import torch


def f(x: torch.Tensor, p: float):
    if torch.rand(1) < p:
        x = x + int(torch.randint(0, 5, (1,)))
    a = float(torch.rand(1))
    b = float(x.mean())
    n = int(x.max())
    i = torch.randint(0, 3, (1,))
    y = x[int(i)]
    k = int(torch.tensor([3]))
    z = float(x[0])
    s = int(torch.rand(size=(1,)) * 5)
    return x, a, b, n, y, k, z, s


def g(x: torch.Tensor, n):
    a = int(torch.rand(n))
    i = torch.randint(0, 3, (1,))
    i = i + x
    b = int(torch.empty(1).uniform_(0, 5).item()) + int(torch.empty(1).uniform_(0, 5))
    c = float(-torch.rand(1) * 2 + 1), float(torch.rand(())), float(torch.rand(1) * x)
    return a, int(i), b, c
