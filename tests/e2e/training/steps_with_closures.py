"""Steps with closures."""

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


class Fitting:
    def __init__(self, model, x, y):
        self.model, self.x, self.y = model, x, y
        self.evaluations = 0
        self.optimizer = torch.optim.LBFGS(
            self.model.parameters(), lr=0.8, line_search_fn="strong_wolfe"
        )

    def loss(self):
        self.optimizer.zero_grad()
        loss = F.mse_loss(self.model(self.x), self.y)
        loss.backward()
        self.evaluations += 1
        return loss

    def fit(self):
        self.optimizer.step(self.loss)
        return self.evaluations


def setup():
    torch.manual_seed(0)
    return Net(), torch.randn(8, 4), torch.randn(8, 2)


# tojax: inputs=setup()
def train(model, x, y):
    logs = []
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4)
    for _ in range(3):

        def closure():
            optimizer.zero_grad()
            loss = F.mse_loss(model(x), y)
            loss.backward()
            return loss

        logs.append(0.0)
        logs[-1] = optimizer.step(closure)
    rate = torch.optim.SGD(model.parameters(), lr=0.1)

    def closure():
        rate.zero_grad()
        loss = model(x).abs().mean()
        loss.backward()
        return loss

    rate.step(closure)
    return logs, Fitting(model, x, y).fit()
