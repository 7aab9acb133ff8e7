"""Gradients given to backward."""

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 8))
        self.head = nn.Linear(8, 2)
        self.offset = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        return self.head(self.backbone(x)) + self.offset


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 1)

    def forward(self, x):
        return self.out(x)


def setup():
    torch.manual_seed(0)
    return Critic(), Net(), Net(), torch.randn(8, 4), torch.randn(8, 4)


# tojax: inputs=setup()
def train(critic, first, second, real, fake):
    logs = []
    optimizer = torch.optim.SGD(critic.parameters(), lr=0.1)
    both = torch.optim.SGD(list(first.parameters()) + list(second.parameters()), lr=0.1)
    one = torch.tensor(1.0)
    mone = one * -1
    for _ in range(2):
        critic.zero_grad()
        loss_real = critic(real).mean()
        loss_real.backward(one)
        loss_fake = critic(fake).pow(2).mean()
        loss_fake.backward(mone)
        optimizer.step()
        optimizer.zero_grad()
        out = critic(real)
        out.backward(gradient=out.detach().abs())
        optimizer.step()
        h = first(real)
        loss_1 = h.mean()
        loss_2 = (second(fake) * h).mean()
        both.zero_grad()
        loss_1.backward(retain_graph=True)
        loss_2.backward()
        both.step()
        logs.append((loss_real.item(), loss_fake.item(), loss_1.item(), loss_2.item()))
    return logs
