# part: user code
def rectify(x: jax.Array) -> jax.Array:
    y = x * 2
    y = where_mask(y, y < 0, 0.0)
    return y
