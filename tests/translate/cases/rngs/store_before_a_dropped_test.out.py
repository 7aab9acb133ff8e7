import jax
from flax import nnx


class Noisy(nnx.Module):
    def __init__(self, dim, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.linear = nnx.Linear(dim, dim, rngs=rngs)

    def __call__(self, x):
        return self.linear(x + jax.random.normal(self.rngs(), x.shape, x.dtype))


class Shaken(nnx.Module):
    def __init__(self, dim, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.linear = nnx.Linear(dim, dim, rngs=rngs)

    def __call__(self, x):
        return self.linear(x + jax.random.normal(self.rngs(), x.shape, x.dtype))
