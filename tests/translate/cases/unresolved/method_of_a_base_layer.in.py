from torch import nn


class Doubled(nn.Conv2d):
    def reset_parameters(self):
        super().reset_parameters()
        nn.init.ones_(self.bias)

    def forward(self, x):
        return super().forward(x) * 2
