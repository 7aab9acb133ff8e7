"""Gradients of arrays."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8))
        self.head = nn.Linear(8, 2)
        self.offset = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return self.head(self.backbone(x)) + self.offset


def setup():
    torch.manual_seed(0)
    return Net(), torch.rand(8, 4), torch.randint(0, 2, (8,))


def attacked(model, images, labels, eps=0.3, alpha=0.05):
    original = images.data
    for _ in range(3):
        images.requires_grad = True
        loss = F.cross_entropy(model(images), labels)
        model.zero_grad()
        loss.backward()
        changed = images + alpha * images.grad.sign()
        change = torch.clamp(changed - original, min=-eps, max=eps)
        images = torch.clamp(original + change, min=0, max=1).detach_()
    return images


def fitted(x, y):
    w = torch.zeros(4, requires_grad=True)
    b = torch.zeros(1, requires_grad=True)
    losses = []
    for step in range(4):
        loss = ((x @ w + b - y) ** 2).mean()
        loss.backward()
        if step == 1:  # gradients of two steps add up
            continue
        with torch.no_grad():
            w -= 0.1 * w.grad
        b.data -= 0.1 * b.grad.data
        w.grad.zero_()
        b.grad = None
        losses.append(loss.item())
    return losses, w.detach(), b.detach()


# tojax: inputs=setup()
def train(model, x, y):
    logs = []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x = x.clone().requires_grad_()
    for _ in range(2):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), x.grad.abs().sum().item()))
        x.grad.zero_()
    return logs, attacked(model, x.detach(), y), fitted(x.detach(), y.float())
