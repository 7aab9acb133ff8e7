import torch
import torch.nn.functional as F


def f(model, optimizer, x, y):
    model.train()
    with torch.set_grad_enabled(True):
        optimizer.zero_grad()
        # forward
        out = model(x)
        loss = F.mse_loss(out, y)
        # backward
        loss.backward()
        optimizer.step()
    return loss.item()


def g(model, optimizer, x, y):
    with torch.autograd.set_detect_anomaly(True):
        out = model(x)
        loss = F.mse_loss(out, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()
