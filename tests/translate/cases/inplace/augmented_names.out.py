import jax
import jax.numpy as jnp


def total(x: jax.Array, steps: int) -> jax.Array:
    y = jnp.zeros_like(x)
    for _ in range(steps):
        y += x
        y *= 2
    steps += 1
    return y / steps
