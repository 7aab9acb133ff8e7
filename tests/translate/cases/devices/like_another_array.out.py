import jax
import jax.numpy as jnp


def like(losses: jax.Array, make):
    weights = make(3).astype(losses.dtype)
    return jnp.sum(weights * losses)


def leave_others_alone(path, unit, value):
    return value.to(unit), path.to("metres")
