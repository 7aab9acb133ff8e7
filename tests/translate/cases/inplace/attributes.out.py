import jax
import jax.numpy as jnp
from flax import nnx


class Cache(nnx.Module):
    def __init__(self, n: int):
        self.seen = jnp.zeros(n)

    def __call__(self, i: int, x: jax.Array) -> jax.Array:
        self.seen = self.seen.at[i].set(jnp.sum(x))
        return self.seen
