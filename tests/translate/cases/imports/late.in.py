import torch
import torch.nn.functional as F
from torch import hub, jit, monitor, onnx, optim, package, profiler


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


def seldom(x, fast):
    """Only one branch needs PyTorch."""
    if not fast:
        return x

    if fast == 2:
        y = x
        z = package.frobnicate(y)
    elif fast == 3:
        return x
    else:
        z = x
    return z


def asked(x, way):
    if way == 1:
        x = x + 1
    elif monitor.frobnicate(x):
        x = x + 2
    return x


def asked_later(x, way):
    if way == 1:
        x = x + 1
    elif way == 2:
        x = profiler.frobnicate(x)
    return x
