"""An optimizer of one name that may be of one module or of another one."""
import torch
from torch import nn, optim


def either(flag, x: torch.Tensor):
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    opt = optim.SGD(one.parameters(), lr=0.1)
    if flag:
        opt = optim.SGD(other.parameters(), lr=0.1)
    loss = (one(x) + other(x)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()


def in_turn(x: torch.Tensor):
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    opt = optim.SGD(one.parameters(), lr=0.1)
    for _ in range(4):
        opt.zero_grad()
        loss = other(one(x)).mean()
        loss.backward()
        opt.step()
        opt = optim.SGD(other.parameters(), lr=0.1)
