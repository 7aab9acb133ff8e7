import jax


def shifted(x: jax.Array, y: jax.Array) -> jax.Array:
    x = x * 2
    x = x + y
    x = x * 0.5 - 1  # and back
    return x
