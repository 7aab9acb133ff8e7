"""Assignment through a boolean mask, in a form whose shapes do not depend on values."""

import jax.numpy as jnp
from jax import Array


def where_mask(x: Array, mask: Array, value) -> Array:
    """``x`` with ``value`` where ``mask`` holds; the mask covers the leading axes of ``x``."""
    return jnp.where(mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim)), value, x)


def masked_sum(x: Array, mask: Array) -> Array:
    """The sum of ``x[mask]``; the mask covers the leading axes of ``x``."""
    return jnp.sum(x, where=mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim)))


def masked_mean(x: Array, mask: Array) -> Array:
    """The mean of ``x[mask]``; the mask covers the leading axes of ``x``."""
    return jnp.mean(x, where=mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim)))
