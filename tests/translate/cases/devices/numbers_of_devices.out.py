import jax
import jax.numpy as jnp


def f(img, window):
    return window * img


def h(img, window):
    return window * img


def indices(x: jax.Array):
    device = 0 if jax.default_backend() == "gpu" else -1
    if device < 0:
        device = "cpu"
    return jnp.arange(x.shape[0]), jax.devices()[0]


def base(x: jax.Array):
    return jnp.arange(x.shape[0]), jnp.zeros(2)
