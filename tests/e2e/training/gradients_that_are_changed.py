"""Gradients that are changed."""

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
    return Net(), Net(), torch.randn(8, 4), torch.randint(0, 2, (8,))


def clamped(model, optimizer, x, y):
    loss = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    for param in model.parameters():
        param.grad.data.clamp_(-0.02, 0.02)
    optimizer.step()
    return loss.item()


def by_hand(model, x, y, rounds):
    losses = []
    for step in range(rounds):
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        if step % 2 == 0:
            continue  # gradients of two rounds add up
        with torch.no_grad():
            for p in model.parameters():
                p.grad.mul_(0.5)
                p -= 0.1 * p.grad
                p.grad.zero_()
        losses.append(loss.item())
    return losses


# tojax: inputs=setup()
def train(model, other, x, y):
    logs = []
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(4):
        for p in model.parameters():
            p.grad = None
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        with torch.no_grad():
            for name, p in model.named_parameters():
                if p.grad is None:
                    continue
                p.grad *= 2
                p.grad.data /= step + 3
                p.grad = p.grad * 3 - 0.01
                if p.requires_grad and p.grad is not None:
                    p.grad.clamp_(-0.1, 0.1).add_(0.01)
                    p.grad[p.grad.abs() < 0.01] = 0.0
        optimizer.step()
        logs.append((loss.item(), clamped(model, optimizer, x, y)))
    return logs, by_hand(other, x, y, 6)
