from torch import nn


class Twice(nn.Module):
    def forward(self, x):
        if not self.training:
            return x
        return x * 2 if self.training else x
