import torch
import torch.nn.functional as F


def train(model, xs):
    params = list(model.parameters())
    optimizer = torch.optim.SGD(params, lr=0.1)
    for x in xs:
        loss = F.mse_loss(model(x), x) + sum(p.norm() for p in params)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


class Replaced:
    def __init__(self, model):
        self.model = model
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def loss(self, x):
        self.model = self.model.train()
        return self.model(x).sum()

    def step(self, x):
        self.optimizer.zero_grad()
        loss = self.loss(x)
        loss.backward()
        self.optimizer.step()
