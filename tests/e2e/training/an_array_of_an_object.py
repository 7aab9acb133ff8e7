"""An array of an object, which an optimizer of its own trains beside the object's module."""

import torch
import torch.nn as nn
import torch.optim as optim


class Agent:
    def __init__(self, width=4):
        self.actor = nn.Sequential(nn.Linear(width, 8), nn.Tanh(), nn.Linear(8, 1))
        self.optimizer = optim.Adam(params=self.actor.parameters(), lr=0.01)
        self.log_alpha = torch.zeros(1, requires_grad=True)
        self.alpha_optimizer = optim.Adam([self.log_alpha], lr=0.03)
        self.alpha = 0.2

    def alpha_loss(self, log_pi):
        return -(self.log_alpha.exp() * (log_pi + 0.5).detach()).mean()

    def update(self, x):
        log_pi = self.actor(x)
        loss = (self.alpha * log_pi - log_pi.pow(2)).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

        alpha_loss = self.alpha_loss(log_pi)
        self.alpha_optimizer.zero_grad()
        alpha_loss.backward()
        self.alpha_optimizer.step()
        self.alpha = self.log_alpha.exp().item()
        return loss.item(), alpha_loss.item(), self.alpha


def setup():
    torch.manual_seed(0)
    return Agent(), torch.randn(8, 4)


# tojax: inputs=setup()
def train(agent, x):
    return [agent.update(x) for _ in range(4)]
