"""Several optimizers of one name: each step is of the one that the name then stands for."""
import torch
from torch import nn, optim

x, y = torch.ones(8, 3), torch.zeros(8, 3)
net = nn.Linear(3, 3)
params = list(net.parameters())
opt = optim.Adam(params, lr=0.02)
for epoch in range(3):
    loss = (net(x) - y).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
first, second = nn.Linear(3, 3), nn.Linear(3, 3)
params = list(first.parameters()) + list(second.parameters())
opt = optim.Adam(params, lr=0.02)
for epoch in range(3):
    opt.zero_grad()
    loss = (second(first(x)) - y).pow(2).mean()
    loss.backward()
    opt.step()


def by_branches(flag, x: torch.Tensor):
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    if flag:
        opt = optim.SGD(one.parameters(), lr=0.1)
        opt.zero_grad()
        one(x).mean().backward()
        opt.step()
    else:
        opt = optim.SGD(other.parameters(), lr=0.1)
        opt.zero_grad()
        other(x).mean().backward()
        opt.step()


def of_one_module(flag, x: torch.Tensor):
    model = nn.Linear(2, 2)
    opt = None
    if flag:
        opt = optim.SGD(model.parameters(), lr=0.1)
    else:
        opt = optim.Adam(model.parameters(), lr=0.1)
    opt.zero_grad()
    model(x).mean().backward()
    opt.step()


class Phases:
    def __init__(self, encoder: nn.Module, head: nn.Module):
        self.encoder = encoder
        self.head = head

    def train_encoder(self, x: torch.Tensor):
        self.opt = optim.SGD(self.encoder.parameters(), lr=0.1)
        self.opt.zero_grad()
        self.encoder(x).mean().backward()
        self.opt.step()

    def train_head(self, x: torch.Tensor):
        self.opt = optim.SGD(self.head.parameters(), lr=0.1)
        self.opt.zero_grad()
        self.head(self.encoder(x)).mean().backward()
        self.opt.step()
