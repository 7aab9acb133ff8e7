import functools

import jax
import jax.numpy as jnp
from flax import nnx


def noisy(x, *, rngs: nnx.Rngs):
    return x + jax.random.normal(rngs(), x.shape, x.dtype)


rngs = nnx.Rngs(0)


def distance(x, y, metric=functools.partial(noisy, rngs=rngs)):
    return jnp.abs(metric(x - y))
