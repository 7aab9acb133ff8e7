import torch
from torch import nn


@torch.no_grad()
def predict(w, x):
    return torch.tanh(w * x)


def targets(w, x):
    with torch.no_grad():
        y = w * x
        return y.tanh()


def loss(w, x):
    t = predict(w, x + 1)
    u = targets(w, x)
    return ((w * x - t - u) ** 2).sum()


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(3, 1)

    @torch.no_grad()
    def target(self, x):
        return self.net(x).max(1)[0]

    def forward(self, x):
        return ((self.net(x).squeeze(1) - self.target(x)) ** 2).mean()


@torch.inference_mode()
def evaluate(agent, x):
    return agent(x)


def report(agent, x):
    evaluate(agent, x)
    print(evaluate(agent, x))


def mixed(x: torch.Tensor, flag):
    if flag:
        return x * 2
    with torch.no_grad():
        return torch.tanh(x) * 3


def both(x):
    with torch.no_grad():
        y = predict(x, x)
    return mixed(x, True) + y
