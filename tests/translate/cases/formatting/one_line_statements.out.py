import jax
import jax.numpy as jnp


def f(x: jax.Array, y: jax.Array): z = jnp.exp(x); w = jnp.log(y); return z + w


def g(x: jax.Array):
    if x.ndim > 1: x = jnp.sum(x, axis=0); x = x + 1
    return x
