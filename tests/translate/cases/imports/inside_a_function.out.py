import jax.numpy as jnp


def zeros(n: int):
    return jnp.zeros((n, n))


def ones(n: int):
    import os
    return jnp.ones((n, n)), os.sep
