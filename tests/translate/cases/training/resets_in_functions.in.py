import torch
from torch import nn, optim


def reset(opt: optim.Optimizer):
    opt.zero_grad()


def clear(model: nn.Module):
    model.train()
    model.zero_grad()
    return model


def every_step(model: nn.Module, x: torch.Tensor):
    opt = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        reset(opt)
        loss = model(x).mean()
        loss.backward()
        opt.step()


def every_second(model: nn.Module, x: torch.Tensor):
    opt = optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        for part in x.chunk(2):
            loss = model(part).mean()
            loss.backward()
        opt.step()
        model = clear(model)


class Trainer:
    def __init__(self, model: nn.Module):
        self.model = model
        self.opt = optim.SGD(model.parameters(), lr=0.1)

    def reset(self):
        self.opt.zero_grad()

    def fit(self, x: torch.Tensor):
        self.reset()
        for _ in range(3):
            loss = self.model(x).mean()
            loss.backward()
            self.opt.step()
            self.reset()


def clipped(build, model: nn.Module, other: nn.Module, x: torch.Tensor):
    opt = build(model)
    for _ in range(3):
        opt.zero_grad()
        loss = (model(x) + other(x)).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
