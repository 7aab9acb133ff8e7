import enum

import torch
from torch import nn


class Mode(enum.Enum):
    SUM = "sum"


class Head(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, size)

    def forward(self, x):
        return self.fc(x)


KINDS = {"linear": nn.Linear, "head": Head}


def look_up(name, options):
    if isinstance(options, enum.EnumMeta):
        return options(name)
    return options[name]


def mode_of(name):
    return look_up(name, Mode)


class Net(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.head = look_up("head", KINDS)(size)

    def forward(self, x):
        return self.head(x)
