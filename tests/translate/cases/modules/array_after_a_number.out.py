import jax.numpy as jnp
from flax import nnx


class Weighted(nnx.Module):
    def __init__(self, alpha=None, gamma=2):
        self.gamma = gamma
        self.alpha = nnx.data(alpha)
        if isinstance(alpha, float):
            self.alpha = jnp.array([alpha, 1 - alpha])

    def __call__(self, x):
        return x**self.gamma if self.alpha is None else x**self.gamma * self.alpha
