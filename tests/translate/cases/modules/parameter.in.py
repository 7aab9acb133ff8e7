import torch
import torch.nn as nn


class Scale(nn.Module):
    def __init__(self, width: int):
        super(Scale, self).__init__()
        self.scale = nn.Parameter(torch.ones(width))

    def forward(self, x):
        assert self.scale.shape[0] == x.shape[-1]
        return x * self.scale
