# part: user code
def limit(x: jax.Array, bounds: tuple[float, float], shape: tuple[int, int]):
    x = x * 2
    x = clamp(x, *bounds)
    return x.reshape(*shape)
