import numpy as np
import torch
from torch import nn


class Agent:
    def __init__(self, critic, target):
        self.critic = critic
        self.target = target
        self.log_alpha = torch.zeros(1, requires_grad=True, device="cpu")
        self.alpha_optimizer = torch.optim.Adam([self.log_alpha], lr=3e-4)
        self.critic_optimizer = torch.optim.Adam(critic.parameters(), lr=3e-4)

    def update(self, x, log_pi):
        loss = (self.critic(x) - self.log_alpha.exp().detach() * log_pi).pow(2).mean()
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()

        alpha_loss = self.alpha_loss(log_pi) + 0.1 * self.log_alpha.sum()
        self.alpha_optimizer.zero_grad()
        alpha_loss.backward()
        self.alpha_optimizer.step()
        return self.log_alpha.exp().item()

    def alpha_loss(self, log_pi):
        return -(self.log_alpha * (log_pi + self.target).detach()).mean()


class Temperature:
    def __init__(self, start):
        self.log_alpha = torch.tensor(np.log(start), dtype=torch.float32)
        self.log_alpha.requires_grad = True
        self.optimizer = torch.optim.Adam(params=[self.log_alpha])

    def update(self, entropy):
        loss = (self.log_alpha * entropy).sum()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


class NoParameter(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.ones(1, requires_grad=True)
        self.optimizer = torch.optim.SGD([self.scale], lr=0.1)


class Replaced:
    def __init__(self):
        self.scale = torch.ones(1, requires_grad=True)
        self.optimizer = torch.optim.SGD([self.scale], lr=0.1)

    def restart(self, scale):
        self.scale = scale
