import jax


def reset(x: jax.Array) -> None:
    x.zero_()  # TODO(tojax): TJ203 changes the caller's 'x' in place; return the new value instead
