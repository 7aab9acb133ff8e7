"""torch.Tensor: conversion to another dtype or device; torch: questions about dtypes.

JAX arrays live on the default device, so that a move to a device is the array itself.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api, torch_property


@torch_api("torch.Tensor.to")
def to(
    input: Array,
    device=None,
    dtype=None,
    non_blocking=False,
    copy=False,
    *,
    memory_format=None,
) -> Array:
    """``input`` in another dtype; the first argument is a device, a dtype or another tensor."""
    if device is None:
        return input if dtype is None else input.astype(dtype)
    if isinstance(device, Array):
        return input.astype(device.dtype)
    if isinstance(device, (type, jnp.dtype)):
        return input.astype(device)
    return input if dtype is None else input.astype(dtype)


@torch_api("torch.Tensor.type")
def as_type(input: Array, dtype=None, non_blocking=False) -> Array:
    """``input`` in another dtype."""
    if dtype is None:
        raise NotImplementedError("JAX has no names for types of arrays; look at x.dtype")
    if isinstance(dtype, str):
        raise NotImplementedError("a dtype given as a string: write torch.float32 or the like")
    return input.astype(dtype)


@torch_api("torch.Tensor.type_as")
def type_as(input: Array, other: Array) -> Array:
    """``input`` in the dtype of ``other``."""
    return input.astype(other.dtype)


@torch_api("torch.Tensor.float")
def to_float32(input: Array, memory_format=None) -> Array:
    """``input`` as float32."""
    return input.astype(jnp.float32)


@torch_api("torch.Tensor.double")
def to_float64(input: Array, memory_format=None) -> Array:
    """``input`` as float64, where JAX has it enabled."""
    return input.astype(float)


@torch_api("torch.Tensor.half")
def to_float16(input: Array, memory_format=None) -> Array:
    """``input`` as float16."""
    return input.astype(jnp.float16)


@torch_api("torch.Tensor.bfloat16")
def to_bfloat16(input: Array, memory_format=None) -> Array:
    """``input`` as bfloat16."""
    return input.astype(jnp.bfloat16)


@torch_api("torch.Tensor.cfloat", "torch.Tensor.chalf")
def to_complex64(input: Array, memory_format=None) -> Array:
    """``input`` as complex64, the narrowest complex dtype of JAX."""
    return input.astype(jnp.complex64)


@torch_api("torch.Tensor.cdouble")
def to_complex128(input: Array, memory_format=None) -> Array:
    """``input`` as complex128, where JAX has it enabled."""
    return input.astype(complex)


@torch_api("torch.Tensor.bool")
def to_bool(input: Array, memory_format=None) -> Array:
    """Where ``input`` is not zero."""
    return input.astype(bool)


@torch_api("torch.Tensor.byte")
def to_uint8(input: Array, memory_format=None) -> Array:
    """``input`` as uint8."""
    return input.astype(jnp.uint8)


@torch_api("torch.Tensor.char")
def to_int8(input: Array, memory_format=None) -> Array:
    """``input`` as int8."""
    return input.astype(jnp.int8)


@torch_api("torch.Tensor.short")
def to_int16(input: Array, memory_format=None) -> Array:
    """``input`` as int16."""
    return input.astype(jnp.int16)


@torch_api("torch.Tensor.int")
def to_int32(input: Array, memory_format=None) -> Array:
    """``input`` as int32."""
    return input.astype(jnp.int32)


@torch_api("torch.Tensor.long")
def to_int64(input: Array, memory_format=None) -> Array:
    """``input`` as int64, where JAX has it enabled, else int32."""
    return input.astype(int)


@torch_api("torch.Tensor.cpu", "torch.Tensor.pin_memory", "torch.Tensor.share_memory_")
def cpu(input: Array, memory_format=None) -> Array:
    """``input`` itself."""
    return input


@torch_api("torch.Tensor.cuda", "torch.Tensor.xpu")
def cuda(input: Array, device=None, non_blocking=False, memory_format=None) -> Array:
    """``input`` itself."""
    return input


@torch_property("torch.dtype.is_floating_point")
def dtype_is_floating_point(dtype) -> bool:
    """Whether the dtype is a floating point type."""
    return jnp.issubdtype(dtype, jnp.floating)


@torch_property("torch.dtype.is_complex")
def dtype_is_complex(dtype) -> bool:
    """Whether the dtype is complex."""
    return jnp.issubdtype(dtype, jnp.complexfloating)


@torch_property("torch.dtype.itemsize")
def dtype_itemsize(dtype) -> int:
    """How many bytes an element of the dtype takes."""
    return jnp.dtype(dtype).itemsize


@torch_api("torch.result_type")
def result_type(tensor1, tensor2) -> jnp.dtype:
    """The dtype of an operation on both."""
    return jnp.result_type(tensor1, tensor2)


@torch_api("torch.promote_types")
def promote_types(type1, type2) -> jnp.dtype:
    """The smallest dtype that both can be converted to."""
    return jnp.promote_types(
        jax.dtypes.canonicalize_dtype(type1), jax.dtypes.canonicalize_dtype(type2)
    )


@torch_api("torch.finfo")
def finfo(type=jnp.float32):
    """Limits of a floating point dtype."""
    return jnp.finfo(type)


@torch_api("torch.iinfo")
def iinfo(type):
    """Limits of an integer dtype."""
    return jnp.iinfo(type)


@torch_api("torch.get_default_dtype")
def get_default_dtype() -> jnp.dtype:
    """The dtype of new floating point tensors."""
    return jnp.result_type(float)
