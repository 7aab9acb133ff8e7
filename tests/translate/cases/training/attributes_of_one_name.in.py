import torch
from torch import nn


class Wrapper(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Linear(2, 2)

    def forward(self, x):
        return self.model(x)


class Trainer:
    def __init__(self):
        self.model = Wrapper()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def step(self, x):
        loss = self.model(x).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


class Reaching:
    def __init__(self):
        self.model = Wrapper()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def compute(self, x):
        return self.model(x).mean()

    def step(self, x):
        loss = self.compute(x) + self.model(x).sum()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
