"""Methods that use the module."""

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


class Base:
    def __init__(self, model):
        self.net = model
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def predict(self, x):
        return self.net(x)

    def penalty(self, weight):
        return weight * sum(p.pow(2).sum() for p in self.net.parameters())


class Trainer(Base):
    def compute_loss(self, x, y):
        return F.cross_entropy(self.predict(x), y) + self.penalty(0.01)

    def train_step(self, x, y):
        self.optimizer.zero_grad()
        loss = self.compute_loss(x, y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self, x, y):
        return self.compute_loss(x, y).item()


def setup():
    torch.manual_seed(0)
    return (Trainer(Net()), [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(4)])


# tojax: inputs=setup()
def train(trainer, data):
    return [(trainer.train_step(x, y), trainer.evaluate(x, y)) for x, y in data]
