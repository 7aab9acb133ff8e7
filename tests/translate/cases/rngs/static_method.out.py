import jax
from flax import nnx


class Noisy(nnx.Module):
    def __init__(self, *, rngs: nnx.Rngs):
        self.rngs = rngs
        self.scale = 0.1

    @staticmethod
    def noise(n, *, rngs: nnx.Rngs):
        return jax.random.normal(rngs(), (n, 2))

    def __call__(self, x):
        return x + self.scale * self.noise(x.shape[0], rngs=self.rngs)
