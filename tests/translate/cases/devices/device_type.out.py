import jax
import jax.numpy as jnp


def rotate(x, table, other):
    if jax.devices()[0].platform == "gpu":
        table = table * 2
    device = other.device
    if device.platform in ("cpu", "mps"):
        table = table + 1
    if "gpu" != jax.devices()[0].platform:
        table = table + 2
    return jax.nn.relu(x) * table, jax.devices()[0].platform.replace("gpu", "cuda")


def parts(layers):
    return jnp.concatenate([layer for layer in layers])
