import torch
from torch import nn, optim

first, second = nn.Linear(3, 1), nn.Linear(3, 1)
temperature = torch.ones(1, requires_grad=True)
a = optim.SGD(first.parameters(), lr=0.1)
b = optim.SGD(second.parameters(), lr=0.1)
c = optim.SGD([temperature], lr=0.1)
criterion = nn.MSELoss()


def update(x: torch.Tensor, y: torch.Tensor):
    one = first(x)
    two = second(x)
    scale = temperature.exp().mean()
    c.zero_grad()
    scale.backward()
    c.step()
    y = scale.detach() * y
    loss_one = criterion(one, y)
    loss_two = criterion(two, y)
    a.zero_grad()
    loss_one.backward()
    a.step()
    b.zero_grad()
    loss_two.backward()
    b.step()
    return loss_one.item(), loss_two.item()


def under_another_name(model: nn.Module, x: torch.Tensor):
    a.zero_grad()
    loss = model(x).mean()
    loss.backward()
    a.step()
