import torch
import torch.nn.functional as F
from torch import hub, jit, onnx, optim


def documented(x):
    """Of more than

    one line."""
    return torch.frobnicate(x)


def one_line(x): return onnx.frobnicate(x)


class Kept(optim.Frobnicator):
    @staticmethod
    def inner(x):
        @staticmethod
        def twice(x):
            return hub.frobnicate(x)

        return twice(x)


def default(x, load=jit.frobnicate(1)):
    return load(x)


def hides(x, F):
    return F.frobnicate(x)


async def other(x):
    return F.frobnicate(x)


def last(
    x=1,
    y=2): return x


every = [torch.exp(torch.ones(1)), lambda x: F.frobnicate(x)]
