import jax
import jax.numpy as jnp


def rotate(x, scale=1):
    scale = scale[:, :3] if isinstance(scale, jax.Array) else scale
    return x.astype(jnp.float32) * scale


def use(x, flag):
    return rotate(x, jnp.ones((3, 3)) if flag else 1.0)
