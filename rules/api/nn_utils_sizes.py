"""torch.nn.modules.utils: sizes that are given once for all dimensions."""

from collections.abc import Iterable

from tojax.rules.api import torch_api


def repeated(x, n: int) -> tuple:
    """A tuple as it is; anything else `n` times."""
    return tuple(x) if isinstance(x, Iterable) else (x,) * n


@torch_api("torch.nn.modules.utils._single")
def single(x) -> tuple:
    """A size for one dimension."""
    return repeated(x, 1)


@torch_api("torch.nn.modules.utils._pair")
def pair(x) -> tuple:
    """Sizes for two dimensions."""
    return repeated(x, 2)


@torch_api("torch.nn.modules.utils._triple")
def triple(x) -> tuple:
    """Sizes for three dimensions."""
    return repeated(x, 3)


@torch_api("torch.nn.modules.utils._quadruple")
def quadruple(x) -> tuple:
    """Sizes for four dimensions."""
    return repeated(x, 4)
