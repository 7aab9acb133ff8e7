import jax


def f(x: jax.Array) -> jax.Array:
    y = x * 2
    y[0], y[1] = y[1], y[0]  # TODO(tojax): TJ203 assign to one array item at a time
    return y
