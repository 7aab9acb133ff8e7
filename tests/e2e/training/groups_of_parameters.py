"""Groups of parameters."""

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


class Agent:
    def __init__(self, policy):
        self.policy = policy
        self.optimizer = torch.optim.Adam(
            [
                {"params": self.policy.backbone.parameters(), "lr": 0.01},
                {"params": self.policy.head.parameters(), "lr": 0.03},
            ]
        )

    def update(self, x):
        loss = -self.policy(x).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def setup():
    torch.manual_seed(0)
    return Agent(Net()), Net(), Net(), torch.randn(8, 4)


# tojax: inputs=setup()
def train(agent, first, second, x):
    optimizer = torch.optim.SGD(
        [{"params": first.parameters()}, {"params": second.parameters(), "lr": 0.1}], lr=0.01
    )
    logs = []
    for _ in range(3):
        loss = (first(x) * second(x)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), agent.update(x)))
    return logs
