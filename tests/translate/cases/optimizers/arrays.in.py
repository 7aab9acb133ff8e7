import torch
import torch.nn.functional as F
from torch import nn, optim


def stylize(net, content, steps=4):
    image = content.clone().requires_grad_(True)
    optimizer = optim.Adam([image], lr=0.05)
    target = net(content).detach()
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.mse_loss(net(image), target) + image.abs().mean()
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            image.clamp_(0, 1)
    return image.detach()


def factorize(m: torch.Tensor, rank):
    u = nn.Parameter(torch.ones(m.shape[0], rank))
    v = nn.Parameter(torch.ones(rank, m.shape[1]))
    opt = torch.optim.SGD([u, v], lr=0.01, momentum=0.9)
    for _ in range(5):
        loss = (u @ v - m).pow(2).sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
    return u @ v


def only_its_gradient_is_asked_for(f, x: torch.Tensor):
    x = x.clone().requires_grad_(True)
    return torch.autograd.functional.jacobian(f, x)


w = torch.zeros(1, 1, requires_grad=True)
b = torch.zeros(1, requires_grad=True)
x = torch.linspace(-1, 1, 12).view(-1, 1)
opt = torch.optim.SGD([w, b], lr=0.1)
for step in range(5):
    loss = (x @ w + b - 3 * x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
print(w.item(), b.detach().numpy())
