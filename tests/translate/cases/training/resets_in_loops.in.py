import torch
from torch import nn, optim


def every_step(model: nn.Module, x: torch.Tensor):
    opt = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        for p in model.parameters():
            p.grad = None
        model(x).mean().backward()
        opt.step()


def every_second(model: nn.Module, x: torch.Tensor):
    opt = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model(x).mean().backward()
        model(2 * x).mean().backward()
        opt.step()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.zero_()
