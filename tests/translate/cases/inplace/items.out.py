import jax
import jax.numpy as jnp


def fill(n: int, row: jax.Array) -> jax.Array:
    out = jnp.zeros((n, 4))
    out = out.at[0].set(row)
    out = out.at[1:3, 0].set(1.0)
    out = out.at[-1].add(row)
    out = out.at[:, 1].multiply(2)
    out = out.at[:, 2].add(-row[0])
    return out
