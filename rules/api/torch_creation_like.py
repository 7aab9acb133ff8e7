"""torch: new tensors that take dtype or shape from another one."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.zeros_like")
def zeros_like(
    input: Array,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    pin_memory=False,
) -> Array:
    """Zeros in the shape of ``input``."""
    return jnp.zeros_like(input, dtype=dtype)


@torch_api("torch.ones_like")
def ones_like(
    input: Array,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    pin_memory=False,
) -> Array:
    """Ones in the shape of ``input``."""
    return jnp.ones_like(input, dtype=dtype)


@torch_api("torch.empty_like")
def empty_like(
    input: Array,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    pin_memory=False,
) -> Array:
    """A tensor in the shape of ``input`` whose values do not matter."""
    return jnp.empty_like(input, dtype=dtype)


@torch_api("torch.full_like")
def full_like(
    input: Array,
    fill_value,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    pin_memory=False,
) -> Array:
    """``fill_value`` in the shape of ``input``."""
    return jnp.full_like(input, fill_value, dtype=dtype)


@torch_api("torch.Tensor.new_zeros")
def new_zeros(
    input: Array,
    *sizes,
    size=None,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """Zeros with the dtype of ``input``."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.zeros(shape, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new_ones")
def new_ones(
    input: Array,
    *sizes,
    size=None,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """Ones with the dtype of ``input``."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.ones(shape, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new_empty")
def new_empty(
    input: Array,
    *sizes,
    size=None,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """A tensor with the dtype of ``input`` whose values do not matter."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.empty(shape, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new_empty_strided")
def new_empty_strided(
    input: Array,
    size,
    stride,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """A tensor with the dtype of ``input``; XLA chooses the layout in memory."""
    return jnp.empty(size, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new_full")
def new_full(
    input: Array,
    size,
    fill_value,
    *,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """``fill_value`` everywhere, with the dtype of ``input``."""
    return jnp.full(size, fill_value, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new_tensor")
def new_tensor(
    input: Array,
    data,
    *,
    dtype=None,
    device=None,
    requires_grad=False,
    layout=None,
    pin_memory=False,
) -> Array:
    """A tensor with a copy of ``data`` and the dtype of ``input``."""
    return jnp.array(data, dtype=input.dtype if dtype is None else dtype)


@torch_api("torch.Tensor.new")
def new(input: Array, *data, device=None) -> Array:
    """A tensor with the dtype of ``input``, with the given values or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=input.dtype)
    return jnp.empty(data if len(data) != 0 else 0, dtype=input.dtype)


@torch_api("torch.autograd.Variable")
def variable(data: Array, requires_grad=False, volatile=False) -> Array:
    """``data`` itself: ``jax.grad`` says what is differentiated."""
    return data


@torch_api("torch.clone", "torch.Tensor.clone", "torch.alias_copy")
def clone(input: Array, *, memory_format=None) -> Array:
    """``input`` itself: an array never changes, so it needs no copy."""
    return input


@torch_api("torch.detach", "torch.Tensor.detach")
def detach(input: Array) -> Array:
    """``input`` without its gradient."""
    return jax.lax.stop_gradient(input)


@torch_property("torch.Tensor.data")
def data(input: Array) -> Array:
    """``input`` without its gradient."""
    return jax.lax.stop_gradient(input)
