from functools import partial

import jax
import jax.numpy as jnp
from jax import Array


def cat(tensors, dim=0) -> Array:
    """Join arrays along an axis."""
    return jnp.concatenate(tensors, axis=dim)


def mean(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Mean of elements."""
    return jnp.mean(input, axis=dim, dtype=dtype, keepdims=keepdim)


def _sum(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Sum of elements."""
    return jnp.sum(input, axis=dim, dtype=dtype, keepdims=keepdim)

OPERATIONS = {"mean": mean, "sum": _sum}


def joined(pairs):
    return map(partial(cat, dim=-1), pairs)


def reduced(x, kind: str):
    return OPERATIONS[kind](x, dim=1)


def active(x, activation=jax.nn.relu):
    return activation(x), list(map(jnp.sum, x))
