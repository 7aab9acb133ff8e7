from torch import nn


class Chain(nn.Module):
    def __init__(self, layers, optional=True):
        super().__init__()
        self.layers = layers
        self.last = optional
        if optional:
            self.last = nn.Linear(2, 2)
        else:
            self.last = nn.Identity()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return self.last(x)
