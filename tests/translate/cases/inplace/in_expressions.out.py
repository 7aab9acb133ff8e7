# part: user code
def squash(x: jax.Array) -> jax.Array:
    y = jax.nn.relu(x * 2)
    y = jax.nn.relu(y)
    return clamp(y, 0, 1)
