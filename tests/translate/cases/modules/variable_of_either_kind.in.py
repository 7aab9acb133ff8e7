import torch
from torch import nn

class Table(nn.Module):
    def __init__(self, kind, length, width):
        super().__init__()
        if kind == 'none':
            self.table = None
        elif kind == 'learnt':
            self.table = nn.Parameter(torch.zeros(1, length, width))
            nn.init.trunc_normal_(self.table, std=0.2)
        else:
            self.register_buffer('table', torch.ones(1, length, width))

    def forward(self, x):
        if self.table is not None:
            x = x + self.table
        return exists(self.table), x


def exists(x):
    return x is not None
