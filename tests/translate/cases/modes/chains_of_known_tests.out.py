import jax


def first(x: jax.Array, mode: str):
    if mode == "double":
        y = x * 2
    else:
        y = x
    return y


def middle(x: jax.Array, mode: str):
    if mode == "double":
        y = x * 2
    elif mode == "half":
        y = x / 2
    else:
        y = x
    return y


def otherwise(x: jax.Array):
    # the usual way
    return x + 1
