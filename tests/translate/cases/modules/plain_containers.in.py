import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, depth: int = 2):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.w = nn.Parameter(torch.ones(4))
        self.pair = [self.a, self.a]
        self.layers = []
        for i in range(depth):
            layer = nn.Linear(4, 4)
            setattr(self, f"layer{i}", layer)
            self.layers.append(layer)
        self.named = {
            "a": self.a,  # the first
        }
        self.weights = [self.w]
        self.sizes = [1, 2]
        self.names = []
        self.names.append("x")

    def forward(self, x):
        for layer in self.layers:
            x = layer(x) * self.weights[0]
        return self.named["a"](x)
