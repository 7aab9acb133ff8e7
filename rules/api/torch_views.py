"""torch: parts of an array: diagonals, triangles, windows, slices."""

import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.narrow", "torch.Tensor.narrow", "torch.narrow_copy", "torch.Tensor.narrow_copy")
def narrow(input: Array, dim, start, length) -> Array:
    """The `length` slices from `start` on."""
    return lax.dynamic_slice_in_dim(input, start, length, axis=dim)


@torch_api("torch.select", "torch.Tensor.select", "torch.select_copy")
def select(input: Array, dim, index) -> Array:
    """One slice along an axis, without that axis."""
    if dim == 0:
        return input[index]
    if dim == 1:
        return input[:, index]
    if dim == -1:
        return input[..., index]
    return jnp.take(input, index, axis=dim)


@torch_api("torch.Tensor.unfold", "torch.unfold_copy")
def unfold(input: Array, dimension, size, step) -> Array:
    """Windows along an axis; the elements of each one are in a new last axis."""
    return _windows(input, dimension, size, step)


def _windows(x: Array, axis, size, step) -> Array:
    """Windows along `axis`; the elements of each one are in a new last axis."""
    if not x.ndim:
        return jnp.broadcast_to(x, (size,))
    axis %= x.ndim
    starts = jnp.arange(0, x.shape[axis] - size + 1, step)
    windows = jnp.take(x, starts[:, None] + jnp.arange(size), axis=axis)
    return jnp.moveaxis(windows, axis + 1, -1)


@torch_api("torch.as_strided", "torch.Tensor.as_strided", "torch.as_strided_copy")
def as_strided(input: Array, size, stride, storage_offset=0) -> Array:
    """Elements at given strides of a contiguous array."""
    return _strided(input, size, stride, storage_offset)


def _strided(x: Array, shape, strides, offset) -> Array:
    """The elements of the flattened array at `offset` plus multiples of `strides`."""
    return x.ravel()[_strided_places(shape, strides, offset)]


def _strided_places(shape, strides, offset) -> Array:
    """Where in memory each element of a strided view is."""
    place = jnp.full(tuple(shape), offset or 0)
    for axis, stride in enumerate(strides):
        place += stride * lax.broadcasted_iota(int, place.shape, axis)
    return place


@torch_api("torch.as_strided_scatter", "torch.Tensor.as_strided_scatter")
def as_strided_scatter(input: Array, src: Array, size, stride, storage_offset=0) -> Array:
    """The contiguous array with other elements at given strides."""
    return _set_strided(input, src, size, stride, storage_offset)


def _set_strided(x: Array, values: Array, shape, strides, offset) -> Array:
    """The array with other `values` at `offset` plus multiples of `strides`, flattened."""
    places = _strided_places(shape, strides, offset)
    return x.ravel().at[places].set(values).reshape(x.shape)


@torch_api("torch.Tensor.resize_")
def resize_(input: Array, *sizes) -> Array:
    """The first elements in another shape; those that PyTorch leaves uninitialised are repeats."""
    return jnp.resize(input, sizes[0] if len(sizes) == 1 else sizes)


@torch_api("torch.Tensor.resize_as_", "torch.resize_as_")
def resize_as_(input: Array, the_template: Array) -> Array:
    """The first elements in the shape of another array."""
    return jnp.resize(input, the_template.shape)


@torch_api("torch.diagonal", "torch.Tensor.diagonal", "torch.diagonal_copy")
def diagonal(input: Array, offset=0, dim1=0, dim2=1) -> Array:
    """Diagonal of two axes, as the last axis."""
    return jnp.diagonal(input, offset=offset, axis1=dim1, axis2=dim2)


@torch_api("torch.linalg.diagonal")
def linalg_diagonal(A: Array, *, offset=0, dim1=-2, dim2=-1) -> Array:
    """Diagonal of two axes, as the last axis."""
    return jnp.diagonal(A, offset=offset, axis1=dim1, axis2=dim2)


@torch_api("torch.diag", "torch.Tensor.diag")
def diag(input: Array, diagonal=0) -> Array:
    """Diagonal of a matrix, or the matrix with that diagonal."""
    return jnp.diag(input, k=diagonal)


@torch_api("torch.diagflat", "torch.Tensor.diagflat")
def diagflat(input: Array, offset=0) -> Array:
    """Matrix with all elements in its diagonal."""
    return jnp.diagflat(input, k=offset)


@torch_api("torch.diag_embed", "torch.Tensor.diag_embed")
def diag_embed(input: Array, offset=0, dim1=-2, dim2=-1) -> Array:
    """Matrices with the last axis in their diagonal."""
    return _diag_embed(input, offset, dim1, dim2)


def _diag_embed(x: Array, offset=0, axis1=-2, axis2=-1) -> Array:
    """Matrices in the axes `axis1` and `axis2`, with the last axis of `x` in their diagonal."""
    n = x.shape[-1]
    rows = jnp.arange(n) + max(-offset, 0)
    columns = jnp.arange(n) + max(offset, 0)
    size = n + abs(offset)
    matrices = jnp.zeros((*x.shape[:-1], size, size), x.dtype).at[..., rows, columns].set(x)
    return jnp.moveaxis(matrices, (-2, -1), (axis1, axis2))


@torch_api("torch.tril", "torch.Tensor.tril")
def tril(input: Array, diagonal=0) -> Array:
    """Lower triangle, the rest zero."""
    return jnp.tril(input, k=diagonal)


@torch_api("torch.triu", "torch.Tensor.triu")
def triu(input: Array, diagonal=0) -> Array:
    """Upper triangle, the rest zero."""
    return jnp.triu(input, k=diagonal)


@torch_api("torch.Tensor.fill_diagonal_")
def fill_diagonal_(input: Array, fill_value, wrap=False) -> Array:
    """The array with another value in its diagonal."""
    return jnp.fill_diagonal(input, fill_value, wrap=wrap, inplace=False)


@torch_api("torch.slice_scatter", "torch.Tensor.slice_scatter")
def slice_scatter(input: Array, src: Array, dim=0, start=None, end=None, step=1) -> Array:
    """The array with other elements in a slice along an axis."""
    if dim == 0:
        return input.at[start:end:step].set(src)
    return input.at[(slice(None),) * (dim % input.ndim) + (slice(start, end, step),)].set(src)


@torch_api("torch.select_scatter", "torch.Tensor.select_scatter")
def select_scatter(input: Array, src: Array, dim, index) -> Array:
    """The array with other elements at one index of an axis."""
    if dim == 0:
        return input.at[index].set(src)
    return input.at[(slice(None),) * (dim % input.ndim) + (index,)].set(src)


@torch_api("torch.diagonal_scatter", "torch.Tensor.diagonal_scatter")
def diagonal_scatter(input: Array, src: Array, offset=0, dim1=0, dim2=1) -> Array:
    """The array with other elements in a diagonal."""
    return _set_diagonal(input, src, offset, dim1, dim2)


def _set_diagonal(x: Array, values: Array, offset, axis1, axis2) -> Array:
    """The array with other `values` in the diagonal of two axes."""
    matrices = jnp.moveaxis(x, (axis1, axis2), (-2, -1))
    rows = jnp.arange(values.shape[-1]) + max(-offset, 0)
    columns = jnp.arange(values.shape[-1]) + max(offset, 0)
    matrices = matrices.at[..., rows, columns].set(values)
    return jnp.moveaxis(matrices, (-2, -1), (axis1, axis2))
