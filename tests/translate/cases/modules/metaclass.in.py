import torch
from torch import nn


class Finished(type):
    """Calls what is to come after the constructor."""

    def __call__(cls, *args, **kwargs):
        made = type.__call__(cls, *args, **kwargs)
        made.finish()
        return made


class Counted(type):
    count = 0


class Scaled(nn.Module, metaclass=Finished):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, size)

    def finish(self):
        self.scale = 2.0

    def forward(self, x):
        return self.fc(x) * self.scale


class Setting(metaclass=Counted):
    pass
