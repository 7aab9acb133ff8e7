from torch import nn
from torch.nn import Module


def exists(x):
    return x is not None


class Disc(Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n)

    def forward(self, x):
        return self.fc(x)


class Codec(Module):
    def __init__(self, disc: Module | None = None, n=3):
        super().__init__()
        self.disc = disc

        if not exists(self.disc):
            self.disc = Disc(n)

    def forward(self, x):
        return self.disc(x)
