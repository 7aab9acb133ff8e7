import jax


def lose(x: jax.Array) -> jax.Array:
    y = x * 2
    first = y[0]
    first.add_(1)  # TODO(tojax): TJ203 writes through a view of 'y', which is used again
    return y
