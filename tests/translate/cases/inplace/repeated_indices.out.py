"""PyTorch's ``out[index] += 1`` counts a repeated index once; ``at[index].add`` would count it
each time.
"""
import jax
import jax.numpy as jnp


def mark(index: jax.Array, value: jax.Array) -> jax.Array:
    out = jnp.zeros(8)
    out = out.at[index].set(value)
    out = out.at[index].set(out[index] + 1)
    return out
