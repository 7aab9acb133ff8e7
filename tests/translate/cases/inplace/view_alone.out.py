import jax


def last(x: jax.Array) -> jax.Array:
    row = x[-1]
    row = row + 1
    return row
