import torch
from torch.utils.data import DataLoader


def cut(net, loader: DataLoader, order, optimizer):
    for i, batch in enumerate(loader):
        x, y = batch["image"], batch["label"]
        x[:, :2] = x[order, :2]
        loss = (net(x) - y).abs().mean()
        print(loss)


def rounds(xs, n):
    for x in xs:
        for _ in range(n):
            y = x[0]
            print(y.sum())
            y.mul_(2)


def twice(x: torch.Tensor):
    rows = [x[0], x[1]]
    for row in rows:
        print(row.sum())
    x.add_(1)
    for row in rows:
        print(row.sum())
    return x


def views(x: torch.Tensor):
    for row in x:
        print(row.sum())
    x.add_(1)
    for row in x:
        print(row.sum())
    return x


def kept(loader: DataLoader):
    last = None
    for batch in loader:
        x = batch["image"]
        if last is not None:
            print(last.sum())
        last = x
        x[0] = 0
        print(x.sum())
