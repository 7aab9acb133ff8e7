"""One-cycle schedule."""

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


def compute_loss(model, batch, smoothing=0.1):
    x, y = batch
    out = model(x)
    ce = F.cross_entropy(out, y, label_smoothing=smoothing)
    accuracy = (out.argmax(1) == y).float().mean().item()
    return ce + out.mean() ** 2, {"ce": ce.item(), "acc": accuracy}


def setup():
    torch.manual_seed(0)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    sched = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.05, total_steps=6)
    data = [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(4)]
    return model, optimizer, sched, data


# tojax: inputs=setup()
def train(model, optimizer, sched, data):
    logs = []
    for batch in data:
        loss, log = compute_loss(model, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        sched.step()
        logs.append((loss.item(), log["ce"], log["acc"], optimizer.param_groups[0]["lr"]))
    return logs
