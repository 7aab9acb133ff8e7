"""PyTorch's constants, dtypes and types, as JAX expressions.

PyTorch's widest dtypes are Python's ``int``, ``float`` and ``complex``, which JAX takes as the
widest that it has enabled.
"""

from __future__ import annotations

import contextlib
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

TORCH_VALUES: dict[str, Any] = {
    # Numbers
    "torch.inf": jnp.inf,
    "torch.nan": jnp.nan,
    "torch.pi": jnp.pi,
    "torch.e": jnp.e,
    "torch.newaxis": None,
    # Floating point dtypes
    "torch.float16": jnp.float16,
    "torch.half": jnp.float16,
    "torch.bfloat16": jnp.bfloat16,
    "torch.float32": jnp.float32,
    "torch.float": jnp.float32,
    "torch.float64": float,
    "torch.double": float,
    "torch.float8_e4m3fn": jnp.float8_e4m3fn,
    "torch.float8_e4m3fnuz": jnp.float8_e4m3fnuz,
    "torch.float8_e5m2": jnp.float8_e5m2,
    "torch.float8_e5m2fnuz": jnp.float8_e5m2fnuz,
    "torch.float8_e8m0fnu": jnp.float8_e8m0fnu,
    # Complex dtypes
    "torch.complex64": jnp.complex64,
    "torch.cfloat": jnp.complex64,
    "torch.complex128": complex,
    "torch.cdouble": complex,
    # Integer dtypes
    "torch.bool": bool,
    "torch.uint8": jnp.uint8,
    "torch.uint16": jnp.uint16,
    "torch.uint32": jnp.uint32,
    "torch.uint64": jnp.uint64,
    "torch.int8": jnp.int8,
    "torch.int16": jnp.int16,
    "torch.short": jnp.int16,
    "torch.int32": jnp.int32,
    "torch.int": jnp.int32,
    "torch.int64": int,
    "torch.long": int,
    # Types, as annotations and in isinstance
    "torch.Tensor": jax.Array,
    "torch.BoolTensor": jax.Array,
    "torch.ByteTensor": jax.Array,
    "torch.CharTensor": jax.Array,
    "torch.ShortTensor": jax.Array,
    "torch.IntTensor": jax.Array,
    "torch.LongTensor": jax.Array,
    "torch.HalfTensor": jax.Array,
    "torch.BFloat16Tensor": jax.Array,
    "torch.FloatTensor": jax.Array,
    "torch.DoubleTensor": jax.Array,
    "torch.cuda.BoolTensor": jax.Array,
    "torch.cuda.ByteTensor": jax.Array,
    "torch.cuda.IntTensor": jax.Array,
    "torch.cuda.LongTensor": jax.Array,
    "torch.cuda.HalfTensor": jax.Array,
    "torch.cuda.FloatTensor": jax.Array,
    "torch.cuda.DoubleTensor": jax.Array,
    "torch.autograd.Variable": jax.Array,
    "torch.Size": tuple,
    "torch.SymInt": int,
    "torch.SymFloat": float,
    "torch.SymBool": bool,
    "torch.dtype": jnp.dtype,
    "torch.device": jax.Device,
    "torch.Generator": nnx.Rngs,
    "torch.nn.Module": nnx.Module,
    "torch.nn.modules.Module": nnx.Module,
    "torch.nn.modules.module.Module": nnx.Module,
    "torch.nn.Parameter": nnx.Param,
    "torch.nn.parameter.Parameter": nnx.Param,
    "torch.optim.Optimizer": nnx.Optimizer,
    # Memory formats and layouts: XLA chooses its own
    "torch.contiguous_format": None,
    "torch.preserve_format": None,
    "torch.channels_last": None,
    "torch.channels_last_3d": None,
    "torch.legacy_contiguous_format": None,
    "torch.strided": None,
    # Kernels of attention: XLA chooses its own
    "torch.nn.attention.SDPBackend.MATH": "MATH",
    "torch.nn.attention.SDPBackend.FLASH_ATTENTION": "FLASH_ATTENTION",
    "torch.nn.attention.SDPBackend.EFFICIENT_ATTENTION": "EFFICIENT_ATTENTION",
    "torch.nn.attention.SDPBackend.CUDNN_ATTENTION": "CUDNN_ATTENTION",
    # Gradients are always on
    "torch.enable_grad": contextlib.nullcontext,
}
