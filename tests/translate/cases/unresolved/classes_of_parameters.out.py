import jax.numpy as jnp
from flax import nnx
from torch import nn  # TODO(tojax): TJ200 still needed by what is unresolved


class Quantised(nn.Parameter):  # TODO(tojax): TJ201 torch.nn.Parameter as a base: an nnx.Param holds its array, it is none itself
    """Is an array, and carries what it was quantised with."""

    def __new__(cls, data, scale=1.0):
        self = super().__new__(cls, data)
        self.scale = scale
        return self


def plain(width):
    return nnx.Param(jnp.zeros(width))
