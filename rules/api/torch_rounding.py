"""torch: rounding, clipping and replacing values."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.floor", "torch.Tensor.floor")
def floor(input: Array) -> Array:
    """Rounded down."""
    return jnp.floor(input)


@torch_api("torch.ceil", "torch.Tensor.ceil")
def ceil(input: Array) -> Array:
    """Rounded up."""
    return jnp.ceil(input)


@torch_api("torch.trunc", "torch.Tensor.trunc", "torch.fix", "torch.Tensor.fix")
def trunc(input: Array) -> Array:
    """Rounded towards zero."""
    return jnp.trunc(input)


@torch_api("torch.round", "torch.Tensor.round", "torch.special.round")
def round(input: Array, *, decimals=0) -> Array:
    """Rounded to the nearest, ties to the even number."""
    return jnp.round(input, decimals=decimals)


@torch_api("torch.clamp", "torch.Tensor.clamp", "torch.clip", "torch.Tensor.clip")
def clamp(input: Array, min=None, max=None) -> Array:
    """Limited to the range from ``min`` to ``max``.

    Unlike with jnp.clip, the gradient is whole on the bounds, and zero beyond them even where what
    comes next has an infinite one: the square root of 0.
    """
    if max is None:
        return clamp_min(input, min)
    if min is None:
        return clamp_max(input, max)
    raised = jnp.where(input < min, min, input)
    return jnp.where(raised > max, max, raised)


@torch_api("torch.clamp_min", "torch.Tensor.clamp_min")
def clamp_min(input: Array, min: Array | float) -> Array:
    """At least ``min``."""
    return jnp.where(input < min, min, input)


@torch_api("torch.clamp_max", "torch.Tensor.clamp_max")
def clamp_max(input: Array, max: Array | float) -> Array:
    """At most ``max``."""
    return jnp.where(input > max, max, input)


@torch_api("torch.nan_to_num", "torch.Tensor.nan_to_num")
def nan_to_num(input: Array, nan=0.0, posinf=None, neginf=None) -> Array:
    """NaN and infinities replaced."""
    if nan is None:
        return jnp.nan_to_num(input, posinf=posinf, neginf=neginf)
    return jnp.nan_to_num(input, nan=nan, posinf=posinf, neginf=neginf)


@torch_api("torch.heaviside", "torch.Tensor.heaviside")
def heaviside(input: Array, values: Array) -> Array:
    """0 for negative numbers and NaN, 1 for positive numbers, ``values`` for zero."""
    return jnp.where(input == 0, values, input > 0)
