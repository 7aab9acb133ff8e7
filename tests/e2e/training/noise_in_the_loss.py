"""Noise in the loss."""

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


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.out = nn.Linear(2, 1)

    def forward(self, x):
        return self.out(x)


def noisy(x):
    return x + 0.1 * torch.randn_like(x)


def setup():
    torch.manual_seed(0)
    net, critic = Net(), Discriminator()
    return (net, critic, torch.optim.Adam(net.parameters()), torch.optim.Adam(critic.parameters()))


# tojax: inputs=setup()
def train(net, critic, net_optimizer, critic_optimizer):
    logs = []
    for step in range(3):
        fake = net(noisy(torch.rand(8, 4)))
        critic_loss = critic(fake.detach()).mean() - critic(torch.rand(8, 2)).mean()
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        net_loss = -critic(noisy(fake)).mean()
        net_optimizer.zero_grad()
        net_loss.backward()
        net_optimizer.step()
        logs.append((critic_loss.item(), net_loss.item()))
    return logs
