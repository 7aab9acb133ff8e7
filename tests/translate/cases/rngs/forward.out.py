import jax
from flax import nnx


class Noisy(nnx.Module):
    def __init__(self, scale: float, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.scale = scale

    def __call__(self, x):
        return x + self.scale * jax.random.normal(self.rngs(), (x.shape[0], 1))
