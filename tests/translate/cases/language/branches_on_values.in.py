import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, limit: float = 2.0):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.limit = limit

    def forward(self, x):
        y = self.fc(x)
        # which way is shorter
        if y.sum() > 0:
            y = y * 2
        else:
            y = y - 1.5
        if torch.norm(y).item() > self.limit:
            y = y / torch.norm(y)
        if not torch.isnan(y).any():
            y = y.clamp(-1, 1)
        return -y if y.mean() < 0 else y


def clipped(x, most=1.0):
    if x.norm() > most:
        return x / x.norm() * 0.5
    return x


def chosen(x):
    z = F.softmax(x, -1)
    if z.max() > 0.5:
        return torch.sqrt(z)
    else:
        return z + 1


def stay_alone(x, other, flag):
    z = torch.sigmoid(x)
    if x.max() > 1:  # it may hold integers, of which a quotient is no integer
        x = x / 255
    if z.sum() > 1:  # the sum may be larger
        z = z + other
    if z.sum() > 2:
        print("large")
        z = z * 2
    if z.sum(0) > 1:  # perhaps several
        z = z * 2
    if flag:
        z = z * 2
    while z.sum() > 4:
        z = z / 2
    return x, z


def three_ways(x):
    z = torch.sigmoid(x)
    if z.sum() > 3:
        z = z + 1
    elif z.sum() > 2:
        z = z - 1
    if z.sum() > 5:
        if z.mean() > 2:
            z = z - 2
    return z


def array_or_number(x):
    z = torch.sigmoid(x)
    if z.sum() > 7:
        z = z / 2
    elif z.sum() > 6:
        z = 1.0
    return z


def best_of(values):
    best = 0.0
    for value in values:
        if value.mean() > best:
            best = value.mean()
    print(best)
