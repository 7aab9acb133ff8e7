import torch
from torch import nn


class Noisy(nn.Module):
    def __init__(self, dim):
        super().__init__()
        if torch.jit.is_scripting():
            print("scripted")
        self.linear = nn.Linear(dim, dim)

    def forward(self, x):
        return self.linear(x + torch.randn_like(x))


class Shaken(nn.Module):
    def __init__(self, dim):
        super().__init__()
        if not torch.jit.is_scripting():
            self.linear = nn.Linear(dim, dim)

    def forward(self, x):
        return self.linear(x + torch.randn_like(x))
