import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(4))

    def forward(self, x):
        return self.scale * x


net = Net()
print(net(torch.ones(1, 4)).shape)


class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.one = nn.Linear(4, n)
        self.two = nn.Linear(n, 2)

    def forward(self, x):
        return self.two(torch.relu(self.one(x)))


net = Net(3)
print(net(torch.ones(1, 4)).shape)


def smaller():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.only = nn.Linear(4, 1)

        def forward(self, x):
            return self.only(x)

    return Net()


print(smaller()(torch.ones(1, 4)).shape)
