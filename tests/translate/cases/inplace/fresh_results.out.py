# part: user code
def quantize(x):
    scale = 127.0 / clamp_min(jnp.max(jnp.abs(x), axis=-1, keepdims=True), 1e-5)
    least = (jnp.sort(x) + 1) * 2
    return clamp(jnp.round(x * scale), -128, 127) / scale, least
