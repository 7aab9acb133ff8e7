import torch
from torch import nn, optim


class Trainer:
    def __init__(self, model, device="cpu"):
        self.model = model.to(device)
        self.optimizer = optim.Adam(model.parameters(), lr=1e-2)

    def train_epoch(self, loader):
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = ((self.model(x) - y) ** 2).mean()
            loss.backward()
            self.optimizer.step()


class Fitter:
    def __init__(self, model, device):
        net = model.to(device).train()
        self.net = net
        self.opt = optim.SGD(model.parameters(), lr=0.1)

    def fit(self, x: torch.Tensor):
        loss = self.net(x).mean()
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


class Extended:
    def __init__(self, model: nn.Module):
        self.inner = model
        model = nn.Sequential(model, nn.Linear(2, 2))
        self.model = model
        self.opt = optim.SGD(model.parameters(), lr=0.1)

    def fit(self, x: torch.Tensor):
        self.opt.zero_grad()
        loss = self.model(x).mean()
        loss.backward()
        self.opt.step()
