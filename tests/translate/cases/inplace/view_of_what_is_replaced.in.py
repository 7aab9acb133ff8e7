import math

import torch
from torch import nn


class Head(nn.Module):
    def __init__(self, anchors, classes):
        super().__init__()
        self.anchors = anchors
        self.convs = nn.ModuleList(nn.Conv2d(8, anchors * classes, 1) for _ in range(2))

    def replaced(self, strides):
        for conv, s in zip(self.convs, strides):
            b = conv.bias.view(self.anchors, -1)
            b.data[:, 1] += math.log(8 / (640 / s) ** 2)
            conv.bias = nn.Parameter(b.view(-1), requires_grad=True)

    def replaced_below(self):
        for conv in self.convs:
            b = conv.bias.view(self.anchors, -1)
            with torch.no_grad():
                b[:, 1] += 0.1
            conv.bias = nn.Parameter(b.view(-1))

    def sometimes(self, again):
        for conv in self.convs:
            b = conv.bias.view(self.anchors, -1)
            b.data[:, 1] += 0.1
            if again:
                conv.bias = nn.Parameter(b.view(-1))

    def read_before(self):
        for conv in self.convs:
            b = conv.bias.view(self.anchors, -1)
            b.data[:, 1] += 0.1
            total = conv.bias.sum()
            conv.bias = nn.Parameter(b.view(-1) + total)

    def kept(self):
        for conv in self.convs:
            b = conv.bias.view(self.anchors, -1)
            b.data[:, 1] += 0.1
