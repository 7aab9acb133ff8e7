"""torch: elements picked and written by index or by mask."""

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.gather", "torch.Tensor.gather")
def gather(input: Array, dim, index: Array, *, sparse_grad=False) -> Array:
    """Along an axis, the elements at `index`, which may be shorter than `input` on the others."""
    if not index.size:
        return jnp.zeros(index.shape, input.dtype)
    if index.ndim == 0:
        return input.reshape(())
    axis = dim % index.ndim
    within = tuple(slice(None if i == axis else size) for i, size in enumerate(index.shape))
    return jnp.take_along_axis(input[within], index, axis=axis)


@torch_api("torch.take_along_dim", "torch.Tensor.take_along_dim")
def take_along_dim(input: Array, indices: Array, dim=None) -> Array:
    """Along an axis, the elements at `indices`."""
    if dim is None:
        return jnp.take(input, indices.ravel())
    return jnp.take_along_axis(input, indices, axis=dim)


@torch_api("torch.take", "torch.Tensor.take")
def take(input: Array, index: Array) -> Array:
    """Elements of the flattened array."""
    return jnp.take(input, index)


@torch_api("torch.index_select", "torch.Tensor.index_select")
def index_select(input: Array, dim, index: Array) -> Array:
    """Slices along an axis."""
    return jnp.take(input, index, axis=dim)


@torch_api("torch.masked_fill", "torch.Tensor.masked_fill")
def masked_fill(input: Array, mask: Array, value) -> Array:
    """`value` where the mask is true."""
    return jnp.where(mask, value, input)


@torch_api("torch.masked_select", "torch.Tensor.masked_select")
def masked_select(input: Array, mask: Array) -> Array:
    """The elements where the mask is true."""
    return _masked_select(input, mask)


def _masked_select(x: Array, mask: Array) -> Array:
    """The elements where the mask is true, after broadcasting."""
    x, mask = jnp.broadcast_arrays(x, mask)
    return x[mask]


@torch_api("torch.masked_scatter", "torch.Tensor.masked_scatter")
def masked_scatter(input: Array, mask: Array, source: Array) -> Array:
    """The elements of `source`, one after the other, where the mask is true."""
    return _masked_scatter(input, mask, source)


def _masked_scatter(x: Array, mask: Array, values: Array) -> Array:
    """The elements of `values`, one after the other, where the mask is true."""
    x, mask = jnp.broadcast_arrays(x, mask)
    place = jnp.cumsum(mask.ravel()).reshape(mask.shape) - 1
    return jnp.where(mask, values.ravel()[jnp.clip(place, 0, values.size - 1)], x)


@torch_api("torch.nonzero", "torch.Tensor.nonzero")
def nonzero(input: Array, *, as_tuple=False) -> Array | tuple[Array, ...]:
    """Where the elements are not zero."""
    if as_tuple:
        return jnp.nonzero(jnp.atleast_1d(input))
    return jnp.argwhere(input)


@torch_api("torch.nonzero_static", "torch.Tensor.nonzero_static")
def nonzero_static(input: Array, *, size, fill_value=-1) -> Array:
    """Where the first `size` elements that are not zero are; `fill_value` if they are fewer."""
    return jnp.argwhere(input, size=size, fill_value=fill_value)


@torch_api("torch.argwhere", "torch.Tensor.argwhere")
def argwhere(input: Array) -> Array:
    """Where the elements are not zero, one row for each."""
    return jnp.argwhere(input)


@torch_api("torch.unravel_index")
def unravel_index(indices: Array, shape) -> tuple[Array, ...]:
    """Places in an array of the given shape, of indices into its flattened form."""
    return jnp.unravel_index(indices, shape)


@torch_api("torch.index_add", "torch.Tensor.index_add")
def index_add(input: Array, dim, index: Array, source: Array, *, alpha=1) -> Array:
    """Add slices to the slices at `index`."""
    update = source if alpha == 1 else alpha * source
    if dim == 0:
        return input.at[index].add(update)
    if dim == 1:
        return input.at[:, index].add(update)
    if dim == -1:
        return input.at[..., index].add(update)
    return input.at[_slices(dim, index, input.ndim)].add(update)


@torch_api("torch.index_copy", "torch.Tensor.index_copy")
def index_copy(input: Array, dim, index: Array, source: Array) -> Array:
    """Write slices over the slices at `index`."""
    if dim == 0:
        return input.at[index].set(source)
    if dim == 1:
        return input.at[:, index].set(source)
    if dim == -1:
        return input.at[..., index].set(source)
    return input.at[_slices(dim, index, input.ndim)].set(source)


@torch_api("torch.index_fill", "torch.Tensor.index_fill")
def index_fill(input: Array, dim, index: Array, value) -> Array:
    """Write one value over the slices at `index`."""
    if dim == 0:
        return input.at[index].set(value)
    if dim == 1:
        return input.at[:, index].set(value)
    if dim == -1:
        return input.at[..., index].set(value)
    return input.at[_slices(dim, index, input.ndim)].set(value)


def _slices(axis, index: Array, ndim):
    """The index of the slices at `index` along `axis`."""
    return (slice(None),) * (axis % ndim) + (index,)


@torch_api("torch.index_put", "torch.Tensor.index_put")
def index_put(input: Array, indices, values, accumulate=False) -> Array:
    """Write (or add) values at `indices`."""
    if accumulate:
        return input.at[tuple(indices)].add(values)
    return input.at[tuple(indices)].set(values)


@torch_api("torch.index_reduce", "torch.Tensor.index_reduce")
def index_reduce(
    input: Array, dim, index: Array, source: Array, reduce, *, include_self=True
) -> Array:
    """Combine slices with the slices at `index` by "prod", "mean", "amax" or "amin"."""
    return _write_reduced(input, _slices(dim, index, input.ndim), source, reduce, include_self)


@torch_api("torch.put", "torch.Tensor.put")
def put(input: Array, index: Array, source: Array, accumulate=False) -> Array:
    """Write (or add) elements of the flattened array."""
    if accumulate:
        return input.ravel().at[index].add(source).reshape(input.shape)
    return input.ravel().at[index].set(source).reshape(input.shape)


@torch_api("torch.scatter", "torch.Tensor.scatter")
def scatter(input: Array, dim, index: Array, src=None, *, value=None, reduce=None) -> Array:
    """Along an axis, write elements at `index`."""
    update = value if src is None else _like_index(src, index)
    if reduce == "add":
        return input.at[_along(dim, index)].add(update)
    if reduce == "multiply":
        return _write_reduced(input, _along(dim, index), update, "prod", True)
    return input.at[_along(dim, index)].set(update)


@torch_api("torch.scatter_add", "torch.Tensor.scatter_add")
def scatter_add(input: Array, dim, index: Array, src: Array) -> Array:
    """Along an axis, add elements at `index`."""
    return input.at[_along(dim, index)].add(_like_index(src, index))


@torch_api("torch.scatter_reduce", "torch.Tensor.scatter_reduce")
def scatter_reduce(
    input: Array, dim, index: Array, src: Array, reduce, *, include_self=True
) -> Array:
    """Along an axis, combine elements by "sum", "prod", "mean", "amax" or "amin"."""
    update = _like_index(src, index)
    if reduce == "sum" and include_self:
        return input.at[_along(dim, index)].add(update)
    return _write_reduced(input, _along(dim, index), update, reduce, include_self)


def _along(axis, index: Array) -> tuple[Array, ...]:
    """The index that addresses, for every entry of `index`, its place along `axis`."""
    if not index.ndim:
        return ()
    places = list(jnp.indices(index.shape, sparse=True))
    places[axis] = index
    return tuple(places)


def _like_index(values, index: Array):
    """The part of `values` that an index of this shape uses; a scalar as it is."""
    return values[tuple(slice(n) for n in index.shape)] if jnp.ndim(values) else values


def _write_reduced(x: Array, places, values, reduce, include_self) -> Array:
    """Combine `values` with the elements at `places`, or only with each other."""
    touched = jnp.zeros(x.shape, bool).at[places].set(True)
    is_int = not jnp.issubdtype(x.dtype, jnp.inexact)
    if reduce in ("sum", "mean"):
        start = x if include_self else jnp.where(touched, 0, x)
        total = start.at[places].add(values)
        if reduce == "sum":
            return total
        first = jnp.where(touched, int(include_self), 1)
        count = jnp.maximum(first.at[places].add(1), 1)
        return total // count if is_int else total / count
    if reduce == "prod":
        start = x if include_self else jnp.where(touched, 1, x)
        return start.at[places].multiply(values)
    if is_int:
        limits = jnp.iinfo(x.dtype)
        low, high = limits.min, limits.max
    else:
        low, high = -jnp.inf, jnp.inf
    start = x if include_self else jnp.where(touched, low if reduce == "amax" else high, x)
    return start.at[places].max(values) if reduce == "amax" else start.at[places].min(values)
