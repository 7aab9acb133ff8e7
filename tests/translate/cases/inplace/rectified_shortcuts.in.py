import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.block = nn.Sequential(
            nn.ReLU(True),
            nn.Linear(width, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, width),
        )
        self.tail = nn.Sequential(nn.LeakyReLU(0.1, inplace=True), nn.Linear(width, width))
        self.twice = nn.Sequential(
            nn.ReLU(True), nn.Dropout(0.1, inplace=True), nn.Linear(width, width)
        )
        self.scale = nn.Linear(width, width)

    def forward(self, x):
        return x + self.block(x)

    def shortcut(self, x):
        out = self.block(x)
        out += self.scale(x)
        return out

    def computed_before(self, x):
        return self.scale(x) + self.block(x)

    def computed_after(self, x):
        return self.block(x) + self.scale(x)

    def not_always(self, x, deep):
        return x + (self.block(x) if deep else x)

    def another_layer(self, x):
        return x + self.tail(x)

    def changed_once_more(self, x):
        return x + self.twice(x)

    def another_name(self, x):
        kept = x
        return kept + self.block(x)
