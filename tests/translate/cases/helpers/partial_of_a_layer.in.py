import functools

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, norm_layer=nn.LayerNorm):
        super().__init__()
        if isinstance(norm_layer, functools.partial):
            bias = norm_layer.func == nn.LayerNorm
        else:
            bias = norm_layer == nn.LayerNorm
        self.linear = nn.Linear(dim, dim, bias=bias)
        self.norm = norm_layer(dim)

    def forward(self, x, adjacency):
        return self.norm(torch.spmm(adjacency, self.linear(x)))


def made(dim):
    return Block(dim, functools.partial(nn.LayerNorm, eps=1e-3))
