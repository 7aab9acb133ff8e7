from torch import *  # TODO(tojax): TJ201 a star import does not tell which names are PyTorch's


def f(n: int):
    return zeros(n, n)
