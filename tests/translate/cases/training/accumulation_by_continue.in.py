import torch.nn.functional as F


def train(model, optimizer, batches, every):
    for i, (x, y) in enumerate(batches):
        loss = F.mse_loss(model(x), y) / every
        loss.backward()
        if (i + 1) % every != 0:
            continue
        optimizer.step()
        optimizer.zero_grad()


def without(model, optimizer, batches):
    for x, y in batches:
        if len(x) == 0:
            continue
        loss = F.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
