"""torch: the typed constructors (``torch.Tensor``, ``torch.LongTensor``, …)."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.Tensor", "torch.FloatTensor", "torch.cuda.FloatTensor")
def float_tensor(*data, device=None) -> Array:
    """A float32 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=jnp.float32)
    return jnp.empty(data if len(data) != 0 else 0, dtype=jnp.float32)


@torch_api("torch.LongTensor", "torch.cuda.LongTensor")
def long_tensor(*data, device=None) -> Array:
    """An int64 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=int)
    return jnp.empty(data if len(data) != 0 else 0, dtype=int)


@torch_api("torch.IntTensor", "torch.cuda.IntTensor")
def int_tensor(*data, device=None) -> Array:
    """An int32 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=jnp.int32)
    return jnp.empty(data if len(data) != 0 else 0, dtype=jnp.int32)


@torch_api("torch.BoolTensor", "torch.cuda.BoolTensor")
def bool_tensor(*data, device=None) -> Array:
    """A bool tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=bool)
    return jnp.empty(data if len(data) != 0 else 0, dtype=bool)


@torch_api("torch.DoubleTensor", "torch.cuda.DoubleTensor")
def double_tensor(*data, device=None) -> Array:
    """A float64 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=float)
    return jnp.empty(data if len(data) != 0 else 0, dtype=float)


@torch_api("torch.HalfTensor", "torch.cuda.HalfTensor")
def half_tensor(*data, device=None) -> Array:
    """A float16 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=jnp.float16)
    return jnp.empty(data if len(data) != 0 else 0, dtype=jnp.float16)


@torch_api("torch.ByteTensor", "torch.cuda.ByteTensor")
def byte_tensor(*data, device=None) -> Array:
    """A uint8 tensor with the given values, or of the given size."""
    if len(data) == 1 and not isinstance(data[0], (int, np.integer)):
        return jnp.array(data[0], dtype=jnp.uint8)
    return jnp.empty(data if len(data) != 0 else 0, dtype=jnp.uint8)
