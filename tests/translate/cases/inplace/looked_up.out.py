import jax
import jax.numpy as jnp
from flax import nnx


def load(model: nnx.Module, w: jax.Array):
    for i in range(3):
        getattr(model, f"layer{i}").weight[...] = jnp.full_like(getattr(model, f"layer{i}").weight, w[i])
