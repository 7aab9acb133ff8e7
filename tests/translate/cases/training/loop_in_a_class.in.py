import torch
from torch import nn


class Trainer:
    def __init__(self, net: nn.Module):
        self.net = net
        self.opt = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.history = []

    def fit(self, loader):
        for x, y in loader:
            self.opt.zero_grad()
            loss = (self.net(x) - y).pow(2).mean()
            loss.backward()
            self.opt.step()
            self.history.append(loss.item())
