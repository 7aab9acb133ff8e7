import torch.nn.functional as F


def train(model, optimizer, loader):
    device = next(model.parameters()).device
    count = sum(p.numel() for p in model.parameters())
    for x, y in loader:
        x = x.to(device)
        loss = F.mse_loss(model(x), y) / count
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
