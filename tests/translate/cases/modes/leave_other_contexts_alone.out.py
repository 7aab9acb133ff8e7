import contextlib

import jax
import jax.numpy as jnp


def read(path: str) -> jax.Array:
    with open(path) as file, contextlib.suppress(ValueError):
        return jnp.zeros(int(file.read()))
    return jnp.zeros(0)
