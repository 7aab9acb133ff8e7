import functools

import jax
from flax import nnx


def noise(n: int, *, rngs: nnx.Rngs) -> jax.Array:
    return jax.random.normal(rngs(), (n, n))


def twice(make, n: int):
    return make(n) + make(n)


def both(n: int, *, rngs: nnx.Rngs):
    return twice(functools.partial(noise, rngs=rngs), n)
