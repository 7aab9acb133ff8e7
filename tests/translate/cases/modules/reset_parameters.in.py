import torch
from torch import nn


class Scaled(nn.Linear):
    def __init__(self, size, start=1.0):
        self.start = start
        super().__init__(size, size)
        self.name = "scaled"

    def reset_parameters(self):
        super().reset_parameters()
        self.weight.data.mul_(self.start)


class Small(nn.Linear):
    def reset_parameters(self):
        nn.init.normal_(self.weight, std=0.02)
        nn.init.zeros_(self.bias)


class Doubling(nn.LayerNorm):
    def reset_parameters(self):
        nn.init.constant_(self.weight, 2.0)


class Gained(nn.Conv2d):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.gain = nn.Parameter(torch.empty(1))
        self.reset_parameters()

    def reset_parameters(self):
        super().reset_parameters()
        if hasattr(self, "gain"):
            nn.init.ones_(self.gain)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(10, 4)
        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
        self.norm = nn.BatchNorm1d(4)

    def reset_parameters(self):
        self.embed.reset_parameters()
        for layer in self.layers:
            layer.reset_parameters()
        self.norm.reset_running_stats()
