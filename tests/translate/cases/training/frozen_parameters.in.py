import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(4, 8)
        self.head = nn.Linear(8, 2)
        for p in self.backbone.parameters():
            p.requires_grad = False
        self.position = nn.Parameter(torch.zeros(2))
        self.position.requires_grad_(False)

    def forward(self, x: torch.Tensor):
        x.requires_grad = True
        return self.head(self.backbone(x)) + self.position


def train(model: Net, x: torch.Tensor):
    model.head.requires_grad_(True)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    optimizer.zero_grad()
    loss = model(x).sum()
    loss.backward()
    optimizer.step()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
