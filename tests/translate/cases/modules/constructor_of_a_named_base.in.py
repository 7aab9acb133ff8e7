from torch import nn


class Net(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = nn.Linear(width, 1)

    def forward(self, x):
        return self.fc(x)


class Other(Net):
    def __init__(self, width: int):
        Net.__init__(self, width)
        self.scale = 3.0


class Third(Net):
    def __init__(self, width: int):
        super(Third, self).__init__(width)
