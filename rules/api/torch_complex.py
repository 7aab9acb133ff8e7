"""torch: complex numbers."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.real")
def real(input: Array) -> Array:
    """Real part."""
    return jnp.real(input)


@torch_api("torch.imag")
def imag(input: Array) -> Array:
    """Imaginary part."""
    return jnp.imag(input)


@torch_api("torch.conj", "torch.Tensor.conj", "torch.conj_physical", "torch.Tensor.conj_physical")
def conj(input: Array) -> Array:
    """Complex conjugate; a real ``input`` stays real."""
    return jnp.conj(input)


@torch_api(
    "torch.resolve_conj",
    "torch.Tensor.resolve_conj",
    "torch.resolve_neg",
    "torch.Tensor.resolve_neg",
)
def resolve_conj(input: Array) -> Array:
    """``input`` itself: JAX has no lazy conjugation."""
    return input


@torch_api("torch.angle", "torch.Tensor.angle")
def angle(input: Array) -> Array:
    """Argument of complex numbers, in radians."""
    return jnp.angle(input)


@torch_api("torch.view_as_real")
def view_as_real(input: Array) -> Array:
    """Real and imaginary parts, in a new last axis."""
    return jnp.stack([jnp.real(input), jnp.imag(input)], axis=-1)


@torch_api("torch.view_as_complex")
def view_as_complex(input: Array) -> Array:
    """Complex numbers from the real and imaginary parts in the last axis."""
    return jax.lax.complex(input[..., 0], input[..., 1])


@torch_api("torch.is_complex", "torch.Tensor.is_complex")
def is_complex(input: Array) -> bool:
    """Whether the dtype is complex."""
    return jnp.iscomplexobj(input)


@torch_api("torch.isreal", "torch.Tensor.isreal")
def isreal(input: Array) -> Array:
    """Where the imaginary part is zero."""
    return jnp.isreal(input)
