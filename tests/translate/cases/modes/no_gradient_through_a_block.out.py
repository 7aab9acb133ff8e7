import jax
import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    def __call__(self, x: jax.Array) -> jax.Array:
        scale = jnp.max(jnp.abs(x))
        scale = jax.lax.stop_gradient(scale)
        return x / scale
