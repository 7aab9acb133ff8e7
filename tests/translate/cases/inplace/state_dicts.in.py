import copy

import torch
from torch import nn


class Average:
    def __init__(self, model: nn.Module, decay=0.99):
        self.ema = copy.deepcopy(model).eval()
        self.decay = decay

    def update(self, model):
        with torch.no_grad():
            state = model.state_dict()
            for k, v in self.ema.state_dict().items():
                if v.dtype.is_floating_point:
                    v *= self.decay
                    v += (1.0 - self.decay) * state[k].detach()


def doubled(a: nn.Module, x):
    state = a.state_dict()
    state["bias"] *= 2
    return a(x)


def moved(a: nn.Module, b: nn.Module):
    state = a.state_dict()
    state["weight"] *= 2
    b.load_state_dict(state)


def mixed(a: nn.Module, b: nn.Module, x):
    target, source = a.state_dict(), b.state_dict()
    for key in source:
        target[key] = source[key] * 0.1 + target[key] * 0.9
    a.load_state_dict(target)
    return a(x)


def loaded(a: nn.Module, path):
    state = torch.load(path)
    state["weight"] *= 2
    a.load_state_dict(state)


def copied(a: nn.Module, b: nn.Module):
    state = copy.deepcopy(a.state_dict())
    state["weight"] *= 2
    state["bias"].zero_()
    b.load_state_dict(state)


@torch.no_grad()
def followed(a: nn.Module, b: nn.Module, rule):
    for x, y in zip(a.state_dict().values(), b.state_dict().values()):
        x.copy_(rule(x, y))
    return b.state_dict()
