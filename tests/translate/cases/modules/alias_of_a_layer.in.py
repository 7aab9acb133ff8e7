from torch import nn

Conv2d = nn.Conv2d


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Conv2d(1, 1, 3)
        self.conv.weight.data.zero_()

    def forward(self, x):
        return self.conv(x)
