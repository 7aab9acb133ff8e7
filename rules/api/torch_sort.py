"""torch: sorting, ranking and searching."""

import functools

import jax
import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.sort", "torch.Tensor.sort", fields=("values", "indices"))
def sort(input: Array, dim=-1, descending=False, stable=False) -> tuple[Array, Array]:
    """Elements in order along an axis, and where they came from."""
    return (
        jnp.sort(input, axis=dim, descending=descending),
        jnp.argsort(input, axis=dim, descending=descending),
    )


@torch_api("torch.argsort", "torch.Tensor.argsort")
def argsort(input: Array, dim=-1, descending=False, stable=False) -> Array:
    """Where the elements in order come from."""
    return jnp.argsort(input, axis=dim, descending=descending)


@torch_api("torch.msort", "torch.Tensor.msort")
def msort(input: Array) -> Array:
    """Elements in order along axis 0."""
    return jnp.sort(input, axis=0)


@torch_api("torch.topk", "torch.Tensor.topk", fields=("values", "indices"))
def topk(input: Array, k, dim=-1, largest=True, sorted=True) -> tuple[Array, Array]:
    """The `k` largest (or smallest) elements along an axis, and their places."""
    if largest:
        return lax.top_k(input, k, axis=dim)
    return _smallest(input, k, dim)


def _smallest(x: Array, k, axis) -> tuple[Array, Array]:
    """The `k` smallest elements along `axis` in order, and their places."""
    places = lax.slice_in_dim(jnp.argsort(x, axis=axis), 0, k, axis=axis)
    return jnp.take_along_axis(x, places, axis), places


@torch_api("torch.kthvalue", "torch.Tensor.kthvalue", fields=("values", "indices"))
def kthvalue(input: Array, k, dim=-1, keepdim=False) -> tuple[Array, Array]:
    """The `k`-th smallest element along an axis, and its place."""
    return _kth_smallest(input, k, dim, keepdim)


def _kth_smallest(x: Array, k, axis=-1, keepdims=False) -> tuple[Array, Array]:
    """The `k`-th smallest element along `axis`, and its place."""
    place = lax.slice_in_dim(jnp.argsort(x, axis=axis), k - 1, k, axis=axis)
    value = jnp.take_along_axis(x, place, axis)
    return (value, place) if keepdims else (value.squeeze(axis), place.squeeze(axis))


@torch_api("torch.searchsorted")
def searchsorted(
    sorted_sequence: Array, input, *, out_int32=False, right=False, side=None, sorter=None
) -> Array:
    """Where elements would be inserted to keep sequences (in the last axis) in order."""
    sequence = (
        sorted_sequence if sorter is None else jnp.take_along_axis(sorted_sequence, sorter, -1)
    )
    return _searchsorted(sequence, input, "right" if right or side == "right" else "left")


def _searchsorted(sequences: Array, values, side) -> Array:
    """Where the values would be inserted; more than one sequence is searched row by row."""
    if sequences.ndim == 1:
        return jnp.searchsorted(sequences, values, side=side)
    search = functools.partial(jnp.searchsorted, side=side)
    for _ in range(sequences.ndim - 1):
        search = jax.vmap(search)
    return search(sequences, values)


@torch_api("torch.bucketize")
def bucketize(input, boundaries: Array, *, out_int32=False, right=False) -> Array:
    """The bucket of each element, given the boundaries between buckets."""
    return jnp.searchsorted(boundaries, input, side="right" if right else "left")
