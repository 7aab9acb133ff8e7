"""torch.nn.functional: dropout."""

import math

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.functional.dropout")
def dropout(input: Array, p=0.5, training=True, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Zero elements with probability p and scale the others by 1 / (1 - p)."""
    if not training or p == 0:
        return input
    if p == 1:
        return jnp.zeros_like(input)
    return jnp.where(jax.random.bernoulli(rngs(), 1 - p, input.shape), input / (1 - p), 0)


@torch_api("torch.dropout")
def torch_dropout(input: Array, p, train, *, rngs: nnx.Rngs) -> Array:
    """Zero elements with probability p and scale the others by 1 / (1 - p)."""
    if not train or p == 0:
        return input
    if p == 1:
        return jnp.zeros_like(input)
    return jnp.where(jax.random.bernoulli(rngs(), 1 - p, input.shape), input / (1 - p), 0)


def channel_dropout(x, p, rngs):
    """Zero whole channels of (N, C, *spatial) with probability p."""
    if p == 1:
        return jnp.zeros_like(x)
    keep = jax.random.bernoulli(rngs(), 1 - p, x.shape[:2] + (1,) * (x.ndim - 2))
    return jnp.where(keep, x / (1 - p), 0)


@torch_api("torch.nn.functional.dropout1d")
def dropout1d(input: Array, p=0.5, training=True, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Zero whole channels of (N, C, L) or (C, L) with probability p."""
    if not training or p == 0:
        return input
    if input.ndim == 2:
        return channel_dropout(input[None], p, rngs)[0]
    return channel_dropout(input, p, rngs)


@torch_api("torch.nn.functional.dropout2d", "torch.feature_dropout")
def dropout2d(input: Array, p=0.5, training=True, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Zero whole channels of (N, C, H, W) with probability p."""
    if not training or p == 0:
        return input
    return channel_dropout(input, p, rngs)


@torch_api("torch.nn.functional.dropout3d")
def dropout3d(input: Array, p=0.5, training=True, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Zero whole channels of (N, C, D, H, W) or (C, D, H, W) with probability p."""
    if not training or p == 0:
        return input
    if input.ndim == 4:
        return channel_dropout(input[None], p, rngs)[0]
    return channel_dropout(input, p, rngs)


def to_negative_saturation(x, keep, p):
    """Set what is not kept to SELU's lower limit; keep mean and variance of a SELU network."""
    limit = -1.7580993408473766
    scale = 1 / math.sqrt((limit**2 * p + 1) * (1 - p))
    return scale * jnp.where(keep, x, limit) - scale * limit * p


@torch_api("torch.nn.functional.alpha_dropout")
def alpha_dropout(input: Array, p=0.5, training=False, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Dropout for SELU networks: keeps mean and variance."""
    if not training or p == 0:
        return input
    if p == 1:
        return jnp.zeros_like(input)
    return to_negative_saturation(input, jax.random.bernoulli(rngs(), 1 - p, input.shape), p)


@torch_api("torch.nn.functional.feature_alpha_dropout")
def feature_alpha_dropout(
    input: Array, p=0.5, training=False, inplace=False, *, rngs: nnx.Rngs
) -> Array:
    """Dropout of whole channels of (N, C, *spatial) for SELU networks."""
    if not training or p == 0:
        return input
    if p == 1:
        return jnp.zeros_like(input)
    shape = input.shape[:2] + (1,) * (input.ndim - 2)
    return to_negative_saturation(input, jax.random.bernoulli(rngs(), 1 - p, shape), p)
