import torch
import torch.nn.functional as F


def summed(model, optimizer, x, y):
    loss = F.mse_loss(model(x), y)
    penalty = sum(p.pow(2).sum() for p in model.parameters())
    total = loss + 0.1 * penalty
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    return loss.item()


def one_by_one(model, optimizer, x, y):
    loss = F.mse_loss(model(x), y)
    for p in model.parameters():
        loss = loss + 0.1 * p.abs().sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


def lists(model, optimizer, xs, y):
    losses, outputs = [], []
    for x in xs:
        out = model(x)
        outputs.append(out.detach())
        losses.append(F.mse_loss(out, y))
    loss = torch.stack(losses).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return outputs
