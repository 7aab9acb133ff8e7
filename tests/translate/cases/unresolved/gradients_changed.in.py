import torch
import torch.nn as nn
import torch.nn.functional as F


def clip(net):
    given = list(filter(lambda p: p.grad is not None, net.parameters()))
    for p in given:
        p.grad.data.clamp_(-10, 10)


def scale(net, factor):
    for p in net.parameters():
        p.grad *= factor


def train(net, opt, x):
    opt.zero_grad()
    loss = net(x).pow(2).mean()
    loss.backward()
    clip(net)
    scale(net, 0.5)
    opt.step()


def decay(net, opt, x, y):
    opt.zero_grad()
    loss = F.mse_loss(net(x), y)
    loss.backward()
    for p in net.parameters():
        p.grad.add_(p.data, alpha=0.1)
    for name, p in net.named_parameters():
        if "bias" in name:
            p.grad.data *= 2
    for p in net.parameters():
        g = p.grad
        g.mul_(2)
    for p in net.parameters():
        torch.clamp_(p.grad, -1, 1)
    opt.step()


class Trainer:
    def __init__(self):
        self.net = nn.Linear(2, 2)
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def step(self, x):
        self.opt.zero_grad()
        loss = self.net(x).mean()
        loss.backward()
        self.net.weight.grad.data *= 2
        self.net.weight.grad[0] = 0
        self.net.bias.grad = None
        self.opt.step()
