"""torch: logical and bitwise operations."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.logical_and", "torch.Tensor.logical_and")
def logical_and(input: Array, other: Array) -> Array:
    """Where both are not zero."""
    return jnp.logical_and(input, other)


@torch_api("torch.logical_or", "torch.Tensor.logical_or")
def logical_or(input: Array, other: Array) -> Array:
    """Where at least one is not zero."""
    return jnp.logical_or(input, other)


@torch_api("torch.logical_xor", "torch.Tensor.logical_xor")
def logical_xor(input: Array, other: Array) -> Array:
    """Where exactly one is not zero."""
    return jnp.logical_xor(input, other)


@torch_api("torch.logical_not", "torch.Tensor.logical_not")
def logical_not(input: Array) -> Array:
    """Where zero."""
    return jnp.logical_not(input)


@torch_api("torch.bitwise_and", "torch.Tensor.bitwise_and")
def bitwise_and(input: Array, other: Array | int) -> Array:
    """Bits that are set in both."""
    return input & other


@torch_api("torch.bitwise_or", "torch.Tensor.bitwise_or")
def bitwise_or(input: Array, other: Array | int) -> Array:
    """Bits that are set in either."""
    return input | other


@torch_api("torch.bitwise_xor", "torch.Tensor.bitwise_xor")
def bitwise_xor(input: Array, other: Array | int) -> Array:
    """Bits that are set in exactly one."""
    return input ^ other


@torch_api("torch.bitwise_not", "torch.Tensor.bitwise_not")
def bitwise_not(input: Array) -> Array:
    """Every bit flipped."""
    return ~input


@torch_api("torch.bitwise_left_shift", "torch.Tensor.bitwise_left_shift")
def bitwise_left_shift(input: Array, other: Array | int) -> Array:
    """Bits moved to the left."""
    return input << other


@torch_api("torch.bitwise_right_shift", "torch.Tensor.bitwise_right_shift")
def bitwise_right_shift(input: Array, other: Array | int) -> Array:
    """Bits moved to the right, keeping the sign."""
    return input >> other
