import torch
from torch import nn


class Noisy(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 0.1

    @staticmethod
    def noise(n):
        return torch.randn(n, 2)

    def forward(self, x):
        return x + self.scale * self.noise(x.shape[0])
