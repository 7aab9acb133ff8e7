import jax
import jax.numpy as jnp
from flax import nnx


class Norm(nnx.Module):
    """Keeps running means, a mask that grows, and a cache that may be absent."""

    deterministic = False

    def __init__(self, width: int, momentum: float = 0.1):
        self.momentum = momentum
        self.mean = nnx.Variable(jnp.zeros(width))
        self.last = nnx.Variable(jnp.zeros(width))
        self.low = nnx.Variable(jnp.zeros(width))
        self.high = nnx.Variable(jnp.zeros(width))
        self.mask = nnx.Variable(jnp.empty(0), persistent=False)
        self.cache = nnx.data(None)

    def __call__(self, x):
        if not self.deterministic:
            mean = jnp.mean(x, axis=0)
            self.last.set_value(self.mean[...])
            self.mean.set_value(jax.lax.stop_gradient((1 - self.momentum) * self.mean[...] + self.momentum * mean))
            self.low[...], self.high[...] = jnp.min(x, axis=0), jnp.max(x, axis=0)
        if self.mask.shape[0] < x.shape[0]:
            self.mask.set_value(jnp.ones((x.shape[0], 1)))
        self.cache = 2 * x
        return (x - self.mean[...]) * self.mask[...]


class Masked(nnx.Module):
    """Registers a buffer on one way only."""

    def __init__(self, size: int, causal: bool):
        if causal:
            self.mask = nnx.Variable(jnp.ones((size, size)))
        else:
            self.mask = jnp.empty(0)

    def __call__(self, x):
        return x * self.mask[...]
