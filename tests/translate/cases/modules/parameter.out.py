import jax.numpy as jnp
from flax import nnx


class Scale(nnx.Module):
    def __init__(self, width: int):
        self.scale = nnx.Param(jnp.ones(width))

    def __call__(self, x):
        assert self.scale.shape[0] == x.shape[-1]
        return x * self.scale[...]
