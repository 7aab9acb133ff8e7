from torch import nn


class Doubled(nn.Conv2d):
    def forward(self, x):
        return super()._conv_forward(x, self.weight * 2, self.bias)
