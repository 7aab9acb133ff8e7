import torch
import torch.nn.functional as F


def logged(model, optimizer, loader, writer):
    total, steps = 0.0, 0
    for x, y in loader:
        pred = model(x)
        loss = F.mse_loss(pred, y)
        total += loss.item()
        value = loss.item()
        writer.add_scalar("loss", value, steps)
        steps += 1
        if value > 1000:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return total


def weighted(model, optimizer, x, y):
    pred = model(x)
    weight = pred.detach().abs()
    loss = (weight * (pred - y) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def made_here(x, y):
    model = torch.nn.Linear(4, 1)
    loss = F.mse_loss(model(x), y)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss.backward()
    optimizer.step()
    return loss.item()
