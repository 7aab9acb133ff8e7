"""Where it is not clear what is reset, nothing is written that would add gradients up for ever."""
import torch
from torch import nn, optim


def of_another(model: nn.Module, helper, x: torch.Tensor):
    opt = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        helper.opt.zero_grad()
        loss = model(x).mean()
        loss.backward()
        opt.step()


class Agent:
    def __init__(self, model: nn.Module):
        self.model = model
        self.opt = optim.SGD(model.parameters(), lr=0.1)

    def advance(self, step: int):
        if step % 4 == 3:
            self.opt.step()
            self.opt.zero_grad()

    def fit(self, x: torch.Tensor):
        for step in range(8):
            loss = self.model(x).mean()
            loss.backward()
            self.advance(step)


class WarmUp:
    def __init__(self, rate, optimizer):
        self.optimizer = optimizer
        self.rate = rate
        self.count = 0

    def step(self):
        self.count += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.count * self.rate
        self.optimizer.step()

    def zero_grad(self):
        self.optimizer.zero_grad()


model = nn.Linear(3, 3)
opt = WarmUp(0.01, optim.Adam(model.parameters(), lr=0))
x = torch.ones(4, 3)
for i in range(3):
    loss = model(x).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
