"""torch: arrays joined to one, one array cut into several."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.cat", "torch.concat", "torch.concatenate")
def cat(tensors, dim=0) -> Array:
    """Join arrays along an axis."""
    return jnp.concatenate(tensors, axis=dim)


@torch_api("torch.stack")
def stack(tensors, dim=0) -> Array:
    """Join arrays along a new axis."""
    return jnp.stack(tensors, axis=dim)


@torch_api("torch.hstack")
def hstack(tensors) -> Array:
    """Join arrays along axis 1, vectors along axis 0."""
    return jnp.hstack(tensors)


@torch_api("torch.vstack", "torch.row_stack")
def vstack(tensors) -> Array:
    """Join arrays along axis 0, vectors as rows."""
    return jnp.vstack(tensors)


@torch_api("torch.dstack")
def dstack(tensors) -> Array:
    """Join arrays along axis 2."""
    return jnp.dstack(tensors)


@torch_api("torch.column_stack")
def column_stack(tensors) -> Array:
    """Join arrays along axis 1, vectors as columns."""
    return jnp.column_stack(tensors)


@torch_api("torch.block_diag")
def block_diag(*tensors) -> Array:
    """Join matrices along the diagonal."""
    return jax.scipy.linalg.block_diag(*tensors)


@torch_api("torch.kron", "torch.Tensor.kron")
def kron(input: Array, other: Array) -> Array:
    """Kronecker product."""
    return jnp.kron(input, other)


@torch_api("torch.unbind", "torch.Tensor.unbind", "torch.unbind_copy")
def unbind(input: Array, dim=0) -> tuple[Array, ...]:
    """The slices along an axis."""
    return jnp.unstack(input, axis=dim)


@torch_api("torch.chunk", "torch.Tensor.chunk", "torch.unsafe_chunk", "torch.Tensor.unsafe_chunk")
def chunk(input: Array, chunks, dim=0, *, unpacked=None) -> list[Array]:
    """Cut into at most `chunks` parts of one size, the last of which may be smaller.

    Args:
        input: the array.
        chunks: how many parts, if there are as many.
        dim: the axis to cut along.
        unpacked: how many names take one part each, if that is all that becomes of the parts.
            As many as `chunks` take equal parts: others raise an error.
    """
    if unpacked is not None and unpacked == chunks:
        return jnp.split(input, chunks, axis=dim)
    return _chunk(input, chunks, axis=dim)


def _chunk(x: Array, count, axis=0) -> list[Array]:
    """Cut along `axis` into at most `count` parts of one size; the last one may be smaller."""
    size = -(-x.shape[axis] // count)
    if size == 0:
        return jnp.split(x, count, axis=axis)
    return jnp.split(x, list(range(size, x.shape[axis], size)), axis=axis)


@torch_api("torch.split", "torch.Tensor.split", "torch.unsafe_split", "torch.Tensor.unsafe_split")
def split(tensor: Array, split_size_or_sections, dim=0) -> list[Array]:
    """Cut into parts of one size (the last one may be smaller) or of given sizes."""
    if isinstance(split_size_or_sections, (tuple, list)):
        return split_with_sizes(tensor, split_size_or_sections, dim)
    return _split(tensor, split_size_or_sections, dim)


@torch_api("torch.split_with_sizes", "torch.Tensor.split_with_sizes", "torch.split_with_sizes_copy")
def split_with_sizes(input: Array, split_sizes, dim=0) -> list[Array]:
    """Cut into parts of given sizes."""
    if len(split_sizes) == 2:
        return jnp.split(input, [split_sizes[0]], axis=dim)
    return jnp.split(input, np.cumsum(split_sizes)[:-1], axis=dim)


def _split(x: Array, size, axis=0) -> list[Array]:
    """Cut along `axis` into parts of `size`; the last one may be smaller."""
    return jnp.split(x, list(range(size, x.shape[axis], size)), axis=axis)


@torch_api("torch.tensor_split", "torch.Tensor.tensor_split")
def tensor_split(
    input: Array, indices_or_sections=None, dim=0, *, indices=None, sections=None
) -> list[Array]:
    """Cut into nearly equal parts, or at indices."""
    if sections is not None:
        indices_or_sections = sections
    if indices is not None:
        indices_or_sections = indices
    return jnp.array_split(input, indices_or_sections, axis=dim)


@torch_api("torch.hsplit", "torch.Tensor.hsplit")
def hsplit(input: Array, indices_or_sections) -> list[Array]:
    """Cut along axis 1, vectors along axis 0."""
    return jnp.hsplit(input, indices_or_sections)


@torch_api("torch.vsplit", "torch.Tensor.vsplit")
def vsplit(input: Array, indices_or_sections) -> list[Array]:
    """Cut along axis 0."""
    return jnp.vsplit(input, indices_or_sections)


@torch_api("torch.dsplit", "torch.Tensor.dsplit")
def dsplit(input: Array, indices_or_sections) -> list[Array]:
    """Cut along axis 2."""
    return jnp.dsplit(input, indices_or_sections)
