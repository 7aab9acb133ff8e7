import jax
import jax.numpy as jnp
from flax import nnx


def drop_paths(x, rate, training, *, rngs: nnx.Rngs):
    assert 0 <= rate <= 1
    if not training:
        return x
    keep = 1 - rate
    mask = keep
    mask += jax.random.uniform(rngs(), [x.shape[0], 1], dtype=x.dtype)
    return x / keep * jnp.floor(mask)
