"""torch: new tensors from sizes, values and ranges."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.tensor")
def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False) -> Array:
    """A tensor with a copy of ``data``."""
    return jnp.array(data, dtype=dtype)


@torch_api("torch.as_tensor", "torch.asarray")
def as_tensor(data, dtype=None, device=None, *, copy=None, requires_grad=False) -> Array:
    """``data`` as a tensor."""
    return jnp.asarray(data, dtype=dtype, copy=copy)


@torch_api("torch.from_numpy")
def from_numpy(ndarray) -> Array:
    """A NumPy array as a tensor."""
    return jnp.asarray(ndarray)


@torch_api("torch.scalar_tensor")
def scalar_tensor(
    s, *, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False
) -> Array:
    """A number as a tensor without dimensions; floating point unless ``dtype`` says otherwise."""
    return jnp.array(s, dtype=float if dtype is None else dtype)


@torch_api("torch.frombuffer")
def frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False) -> Array:
    """The bytes of ``buffer`` as a tensor."""
    return jnp.frombuffer(buffer, dtype=dtype, count=count, offset=offset)


@torch_api("torch.zeros")
def zeros(
    *sizes,
    size=None,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
    names=None,
) -> Array:
    """Zeros."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.zeros(shape, dtype=dtype)


@torch_api("torch.ones")
def ones(
    *sizes,
    size=None,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
    names=None,
) -> Array:
    """Ones."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.ones(shape, dtype=dtype)


@torch_api("torch.empty")
def empty(
    *sizes,
    size=None,
    dtype=None,
    layout=None,
    device=None,
    pin_memory=False,
    requires_grad=False,
    memory_format=None,
    names=None,
) -> Array:
    """A tensor whose values do not matter."""
    shape = size if size is not None else sizes[0] if len(sizes) == 1 else sizes
    return jnp.empty(shape, dtype=dtype)


@torch_api("torch.empty_strided", "torch.empty_permuted")
def empty_strided(
    size, stride, *, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False
) -> Array:
    """A tensor whose values do not matter; XLA chooses the layout in memory."""
    return jnp.empty(size, dtype=dtype)


@torch_api("torch.full")
def full(
    size,
    fill_value,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    names=None,
) -> Array:
    """``fill_value`` everywhere."""
    return jnp.full(size, fill_value, dtype=dtype)


@torch_api("torch.arange")
def arange(
    start=0,
    end=None,
    step=None,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
) -> Array:
    """Numbers from ``start`` up to, and without, ``end``."""
    if end is None:
        return jnp.arange(start, dtype=dtype)
    if step is None:
        return jnp.arange(start, end, dtype=dtype)
    return jnp.arange(start, end, step, dtype=dtype)


@torch_api("torch.range")
def range_(
    start=0,
    end=None,
    step=1,
    *,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
) -> Array:
    """Floating point numbers from ``start`` to ``end``, both included."""
    stop, first = (start, 0) if end is None else (end, start)
    steps = int((stop - first) / step) + 1
    return (first + step * jnp.arange(steps)).astype(float if dtype is None else dtype)


@torch_api("torch.linspace")
def linspace(
    start, end, steps, *, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """``steps`` evenly spaced numbers from ``start`` to ``end``."""
    if dtype is None:
        return jnp.linspace(start, end, steps)
    return jnp.linspace(start, end, steps).astype(dtype)


@torch_api("torch.logspace")
def logspace(
    start, end, steps, base=10.0, *, dtype=None, layout=None, device=None, requires_grad=False
) -> Array:
    """Powers of ``base`` with ``steps`` evenly spaced exponents."""
    if dtype is None:
        return jnp.logspace(start, end, steps, base=base)
    return jnp.logspace(start, end, steps, base=base).astype(dtype)


@torch_api("torch.eye")
def eye(n, m=None, *, dtype=None, layout=None, device=None, requires_grad=False) -> Array:
    """The identity matrix."""
    return jnp.eye(n, M=m, dtype=dtype)


@torch_api("torch.tril_indices")
def tril_indices(row, col, offset=0, *, dtype=None, device=None, layout=None) -> Array:
    """Row and column indices of the lower triangle, as a matrix of two rows."""
    if dtype is None:
        return jnp.stack(jnp.tril_indices(row, offset, col))
    return jnp.stack(jnp.tril_indices(row, offset, col)).astype(dtype)


@torch_api("torch.triu_indices")
def triu_indices(row, col, offset=0, *, dtype=None, device=None, layout=None) -> Array:
    """Row and column indices of the upper triangle, as a matrix of two rows."""
    if dtype is None:
        return jnp.stack(jnp.triu_indices(row, offset, col))
    return jnp.stack(jnp.triu_indices(row, offset, col)).astype(dtype)


@torch_api("torch.complex")
def complex(real: Array, imag: Array) -> Array:
    """Complex numbers from their real and imaginary parts."""
    return jax.lax.complex(*jnp.broadcast_arrays(real, imag))


@torch_api("torch.polar")
def polar(abs: Array, angle: Array) -> Array:
    """Complex numbers from their absolute values and angles."""
    return abs * jnp.exp(1j * angle)


@torch_api("torch.meshgrid", "torch.functional.meshgrid")
def meshgrid(*tensors, indexing="ij") -> list[Array]:
    """Coordinate grids of the given one-dimensional tensors."""
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        return jnp.meshgrid(*tensors[0], indexing=indexing)
    return jnp.meshgrid(*tensors, indexing=indexing)


@torch_api("torch.cartesian_prod", "torch.functional.cartesian_prod")
def cartesian_prod(*tensors) -> Array:
    """Every combination of one element of each tensor, one per row."""
    if len(tensors) == 1:
        return tensors[0]
    return jnp.stack(jnp.meshgrid(*tensors, indexing="ij"), axis=-1).reshape(-1, len(tensors))


@torch_api("torch.combinations")
def combinations(input: Array, r=2, with_replacement=False) -> Array:
    """Every combination of ``r`` elements of ``input``, one per row."""
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    rows = list(choose(range(input.shape[0]), r))
    return input[np.array(rows, dtype=int).reshape(-1, r)]


@torch_api("torch.vander")
def vander(x: Array, N=None, increasing=False) -> Array:
    """The Vandermonde matrix."""
    return jnp.vander(x, N, increasing=increasing)
