"""Penalties on parameters."""

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


def setup():
    torch.manual_seed(0)
    model = Net()
    return model, torch.optim.SGD(model.parameters(), lr=0.1), torch.randn(8, 4), torch.rand(8, 2)


# tojax: inputs=setup()
def train(model, optimizer, x, y):
    logs = []
    for step in range(3):
        outputs, parts = [], []
        for rows in x.chunk(2):
            out = model(rows)
            outputs.append(out.detach())
            parts.append(out.pow(2).mean())
        loss = F.mse_loss(model(x), y) + torch.stack(parts).sum()
        l1 = torch.tensor(0.0)
        for p in model.parameters():
            l1 += p.abs().sum()
        for name, p in model.named_parameters():
            if name.endswith("weight"):
                loss = loss + 0.1 * p.norm()
        loss += 0.01 * l1
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        logs.append((loss.item(), l1.item(), torch.cat(outputs).sum().item()))
    return logs
