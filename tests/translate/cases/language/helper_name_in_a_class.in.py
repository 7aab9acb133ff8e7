from torch import nn


def _split(x):
    return x


class Halves(nn.Module):
    def forward(self, x, size):
        return _split(x).split(size, dim=1)
