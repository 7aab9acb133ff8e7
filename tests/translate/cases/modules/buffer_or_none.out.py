import jax.numpy as jnp
from flax import nnx


class Rotary(nnx.Module):
    def __init__(self, scaled):
        if not scaled:
            self.scale = None
            return
        self.scale = nnx.Variable(jnp.ones(3))

    def __call__(self, x):
        if self.scale is None:
            return x
        return x * self.scale[...] if exists(None if self.scale is None else self.scale[...]) else x


def exists(value):
    return value is not None
