import torch
from torch import nn


def fit(model: nn.Module, loader, steps: int) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    optimizer.zero_grad()
    for i, (x, y) in enumerate(loader):
        loss = ((model(x) - y) ** 2).mean() / steps
        loss.backward()
        if (i + 1) % steps == 0:
            optimizer.step()
            optimizer.zero_grad()
        print(loss.item())
