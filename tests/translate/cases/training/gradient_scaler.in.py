import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast


def train(model: nn.Module, optimizer: torch.optim.Optimizer, scaler, loader, loss_function):
    for x, y in loader:
        x = x.cuda() if torch.cuda.is_available() else x
        optimizer.zero_grad()
        with autocast():
            loss = loss_function(model(x), y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()


def run(model: nn.Module, optimizer: torch.optim.Optimizer, loader):
    scaler = GradScaler()
    train(model, optimizer, scaler, loader, nn.CrossEntropyLoss())
