import jax.numpy as jnp
from flax import nnx


class Bias(nnx.Module):
    def __init__(self):
        self.bias = nnx.data(None)
        self.unused = None

    def __call__(self, x):
        if self.bias is not None:
            return x + self.bias[...]
        self.bias = nnx.Variable(jnp.ones(x.shape[-1]), persistent=False)
        return x + self.bias[...]
