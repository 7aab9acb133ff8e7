from torch import nn


class Named:
    def __init__(self):
        super().__init__()
        self.name = "net"


class Net(Named, nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc = nn.Linear(width, 1)

    def forward(self, x):
        return self.fc.forward(x)
