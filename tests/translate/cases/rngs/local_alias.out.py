import functools

import jax
from flax import nnx


def noise(n: int, *, rngs: nnx.Rngs) -> jax.Array:
    return jax.random.normal(rngs(), (n, n))


def ones(n: int):
    return [[1.0] * n] * n


def pick(flag: bool, n: int, *, rngs: nnx.Rngs):
    make = functools.partial(noise, rngs=rngs) if flag else ones
    return make(n)
