import torch
from torch import nn, optim


def train(model: nn.Module, x: torch.Tensor):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    scheduler = optim.lr_scheduler.StepLR(optimizer, 1)
    for _ in range(2):
        optimizer.zero_grad()
        loss = model(x).mean()
        loss.backward()
        optimizer.step()
        scheduler.step()
        print(optimizer.state_dict()["param_groups"][0]["lr"])
        print(optimizer.state_dict()['param_groups'][0]['lr'], len(optimizer.state_dict()))
