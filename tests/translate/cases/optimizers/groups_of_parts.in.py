import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 2)
        self.head = nn.Linear(2, 2)

    def configure_optimizers(self):
        return torch.optim.SGD(
            [{"params": self.body.parameters(), "lr": 0.1}, {"params": self.head.parameters()}]
        )


class Agent:
    def __init__(self):
        self.policy = Model()
        self.optimizer = torch.optim.SGD(
            [
                {"params": self.policy.body.parameters(), "lr": 0.1},
                {"params": self.policy.head.parameters(), "lr": 0.2},
            ]
        )

    def update(self, x):
        loss = self.policy.head(self.policy.body(x)).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def of_two(first, second, x):
    optimizer = torch.optim.SGD([{"params": first.parameters()}, {"params": second.parameters()}])
    loss = second(first(x)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
