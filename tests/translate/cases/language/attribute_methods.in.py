import torch
from torch import nn


class Wrapper(nn.Module):
    """Whatever it lacks, the layer inside has."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("inner"), name)

    def forward(self, x):
        return torch.relu(self.inner(x)) * self.scale


class Proxy(nn.Module):
    def __init__(self, target):
        super().__init__()
        self.__dict__["target"] = target

    def __getattr__(self, name):
        return getattr(self.__dict__["target"], name)

    def __setattr__(self, name, value):
        setattr(self.__dict__["target"], name, value)


class Config:
    def __getattr__(self, name):
        return None
