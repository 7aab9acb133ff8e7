import torch
import torch.nn.functional as F


def train(model, x, y, rate):
    model.zero_grad()
    output = model(x)
    loss = F.mse_loss(output, y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
    for p in model.parameters():
        p.data.add_(p.grad.data, alpha=-rate)
    return output, loss.item()


def update(model, x, y, rate):
    loss = F.mse_loss(model(x), y)
    loss.backward()
    with torch.no_grad():
        for param in model.parameters():
            param -= rate * param.grad
    model.zero_grad()
