import jax.numpy as jnp
from flax import nnx


class Counter(nnx.Module):
    def __init__(self):
        self.count = nnx.Variable(jnp.zeros(3))

    def __call__(self, x):
        self.count[...] += 1
        self.count[0] = 5
        return x + self.count[...]
