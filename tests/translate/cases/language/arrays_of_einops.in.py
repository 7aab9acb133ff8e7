import torch
from einops import rearrange
from torch import nn


class Windowed(nn.Module):
    def __init__(self, size: int, window=torch.hann_window):
        super().__init__()
        self.size = size
        self.window = window

    def forward(self, x):
        x = rearrange(x, "b 1 n -> b n")
        return x * self.window(self.size, device=x.device)
