from torch import nn


class Half(nn.AvgPool2d):
    """Halves the height and the width."""

    def __init__(self):
        super().__init__(2)

    def forward(self, x):
        return super().forward(x) / self.kernel_size


class Drop(nn.Dropout):
    def forward(self, x):
        return super().forward(x) + 1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.half = Half()
        self.drop = Drop(0.1)

    def forward(self, x):
        return self.drop(self.half(x))
