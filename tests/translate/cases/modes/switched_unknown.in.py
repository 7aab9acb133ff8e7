import copy

import torch
from torch import nn


class Average:
    def __init__(self, model, device):
        self.model = model.to(device).eval()
        self.average = copy.deepcopy(model.encoder).eval().requires_grad_(False)
        self.teacher = copy.deepcopy(model.encoder).cuda().eval()

    def total(self):
        return sum(p.sum() for p in self.average.parameters())


def restored(path):
    net = load_network(path).cuda().eval()
    other = load_network(path).eval()
    return nn.Sequential(net, other)


def run(agent, trainer, buffer):
    agent.train(buffer, 3)
    return trainer.train(100)


def report(trainer):
    trainer.step(torch.zeros(2))
    return trainer.train(True)


def same(net, x):
    net = net.eval()
    return net(x)
