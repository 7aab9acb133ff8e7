"""A module that trains itself."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(4, 8)
        self.policy = nn.Linear(8, 2)
        self.value = nn.Linear(8, 1)
        self.optimizer = torch.optim.Adam(self.parameters(), lr=0.01)

    def pi(self, x):
        return F.softmax(self.policy(F.relu(self.body(x))), dim=1)

    def v(self, x):
        return self.value(F.relu(self.body(x)))

    def train_net(self, s, a, r, after):
        losses = []
        for _ in range(3):
            target = r + 0.9 * self.v(after)
            delta = target - self.v(s)
            delta = delta.detach().numpy()
            advantages = []
            advantage = 0.0
            for d in delta[::-1]:
                advantage = 0.9 * 0.95 * advantage + d[0]
                advantages.append([advantage])
            advantages.reverse()
            advantage = torch.tensor(advantages, dtype=torch.float)
            chosen = self.pi(s).gather(1, a)
            loss = -torch.log(chosen) * advantage + F.smooth_l1_loss(self.v(s), target.detach())
            self.optimizer.zero_grad()
            loss.mean().backward()
            self.optimizer.step()
            losses.append(loss.mean().item())
        return losses


def setup():
    torch.manual_seed(0)
    s, a = torch.randn(8, 4), torch.randint(0, 2, (8, 1))
    return Agent(), s, a, torch.rand(8, 1), torch.randn(8, 4)


# tojax: inputs=setup()
def train(agent, s, a, r, after):
    return agent.train_net(s, a, r, after)
