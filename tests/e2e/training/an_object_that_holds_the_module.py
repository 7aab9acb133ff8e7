"""An object that holds the module."""

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


class Diffusion:
    def __init__(self, predictor, steps):
        self.predictor = predictor
        self.alpha_bar = torch.cumprod(1 - torch.linspace(1e-3, 0.1, steps), dim=0)
        self.steps = steps

    def noised(self, x, t, noise):
        a = self.alpha_bar[t][:, None]
        return a.sqrt() * x + (1 - a).sqrt() * noise

    def loss(self, x):
        t = torch.randint(0, self.steps, (len(x),))
        noise = torch.randn_like(x)
        return F.mse_loss(self.predictor(self.noised(x, t, noise)), noise[:, :2])


def setup():
    torch.manual_seed(0)
    return Net(), torch.randn(8, 4)


# tojax: inputs=setup()
def train(model, x):
    diffusion = Diffusion(predictor=model, steps=20)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = diffusion.loss(x)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
