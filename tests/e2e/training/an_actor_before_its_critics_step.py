"""An actor before its critic's step."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.mean = nn.Linear(4, 2)
        self.log_std = nn.Linear(4, 2)

    def forward(self, x):
        distribution = torch.distributions.Normal(self.mean(x), self.log_std(x).clamp(-5, 2).exp())
        drawn = distribution.rsample()
        action = torch.tanh(drawn)
        log_prob = distribution.log_prob(drawn) - torch.log(1 - action.pow(2) + 1e-6)
        return action, log_prob.sum(1, keepdim=True)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(6, 1)

    def forward(self, x, a):
        return self.q(torch.cat([x, a], 1))


def setup():
    torch.manual_seed(0)
    actor, critic = Actor(), Critic()
    optimizers = torch.optim.Adam(actor.parameters(), 0.01), torch.optim.Adam(critic.parameters())
    return (actor, critic, *optimizers, torch.randn(8, 4), torch.randn(8, 2), torch.rand(8, 1))


# tojax: inputs=setup()
def train(actor, critic, actor_optimizer, critic_optimizer, x, a, target):
    logs = []
    for _ in range(3):
        actions, log_prob = actor(x)
        log_prob = log_prob.reshape(-1, 1)
        critic_loss = F.mse_loss(critic(x, a), target - 0.1 * log_prob.detach())
        critic_optimizer.zero_grad()
        critic_loss.backward()
        critic_optimizer.step()
        actor_loss = (0.2 * log_prob - critic(x, actions)).mean()
        actor_optimizer.zero_grad()
        actor_loss.backward()
        actor_optimizer.step()
        logs.append((critic_loss.item(), actor_loss.item(), log_prob.mean().item()))
    return logs
