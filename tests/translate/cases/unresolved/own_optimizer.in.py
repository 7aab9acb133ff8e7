import torch
import torch.nn as nn
from torch.optim import Optimizer


class MySGD(Optimizer):
    def __init__(self, params, lr=0.1):
        super().__init__(params, dict(lr=lr))

    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                p.data = p.data - group['lr'] * p.grad


model = nn.Linear(3, 1)
opt = MySGD(model.parameters())
x = torch.randn(4, 3)
loss = model(x).pow(2).mean()
opt.zero_grad()
loss.backward()
opt.step()
