import jax.numpy as jnp


def quantize(x):
    scale = 127.0 / jnp.clip(jnp.max(jnp.abs(x), axis=-1, keepdims=True), min=1e-5)
    least = (jnp.sort(x) + 1) * 2
    return jnp.clip(jnp.round(x * scale), -128, 127) / scale, least
