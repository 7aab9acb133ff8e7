import torch
import torch.nn.functional as F
from torch import nn


class StdConv(nn.Conv2d):
    def __init__(self, *args, eps=1e-6, **kwargs):
        super().__init__(*args, **kwargs)
        self.eps = eps

    def forward(self, x):
        w = self.weight
        w = (w - w.mean((1, 2, 3), keepdim=True)) / (w.std((1, 2, 3), keepdim=True) + self.eps)
        return F.conv2d(x, w, self.bias, self.stride, self.padding)


class LoRALinear(nn.Linear):
    def __init__(self, in_features, out_features, rank=2, **kwargs):
        nn.Linear.__init__(self, in_features, out_features, **kwargs)
        self.down = nn.Parameter(self.weight.new_zeros((rank, in_features)))
        self.up = nn.Parameter(torch.ones(out_features, rank))
        self.merged = False

    def train(self, mode: bool = True):
        nn.Linear.train(self, mode)
        if mode == self.merged:
            change = self.up @ self.down
            self.weight.data += change if self.merged else -change
            self.merged = not self.merged
        return self

    def forward(self, x):
        if self.merged:
            return F.linear(x, self.weight, self.bias)
        return nn.Linear.forward(self, x) + x @ self.down.T @ self.up.T
