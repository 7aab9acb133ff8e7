import torch
from torch import nn

model = nn.Linear(1, 1)


def scaled(x):
    return model(x) * 2


def deeper(x):
    return scaled(x) + 1


def through_a_file(x: torch.Tensor):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss = deeper(x).mean() + model.bias.abs().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def through_a_nested_function(x: torch.Tensor):
    net = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def compute(x):
        return net(x).mean()

    loss = compute(x) + net(x).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def given(x: torch.Tensor):
    net = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)

    def compute(net, x):
        return net(x).mean()

    loss = compute(net, x) + net(x).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
