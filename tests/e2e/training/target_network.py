"""Target network."""

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
    model, target = Net(), Net()
    target.load_state_dict(model.state_dict())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, amsgrad=True)
    return model, target, optimizer, torch.randn(8, 4)


# tojax: inputs=setup()
def train(model, target, optimizer, x, tau=0.1):
    losses = []
    for _ in range(4):
        with torch.no_grad():
            wanted = target(x).max(1, keepdim=True).values
        loss = F.smooth_l1_loss(model(x), wanted.expand(8, 2))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.1)
        optimizer.step()
        for old, new in zip(target.parameters(), model.parameters()):
            old.data.copy_(tau * new.data + (1.0 - tau) * old.data)
        losses.append(loss.item())
    return losses
