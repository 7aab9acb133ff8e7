"""torch: products of vectors, matrices and batches of them."""

import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.matmul", "torch.Tensor.matmul", "torch.linalg.matmul")
def matmul(input: Array, other: Array) -> Array:
    """Matrix product."""
    return input @ other


@torch_api(
    "torch.mm", "torch.Tensor.mm", "torch.bmm", "torch.Tensor.bmm", "torch.spmm", "torch.sparse.mm"
)
def mm(input: Array, mat2: Array) -> Array:
    """Product of two matrices, or of two batches of matrices."""
    return input @ mat2


@torch_api("torch.mv", "torch.Tensor.mv")
def mv(input: Array, vec: Array) -> Array:
    """Product of a matrix and a vector."""
    return input @ vec


@torch_api("torch.dot", "torch.Tensor.dot")
def dot(input: Array, tensor: Array) -> Array:
    """Dot product of two vectors."""
    return jnp.dot(input, tensor)


@torch_api("torch.vdot", "torch.Tensor.vdot")
def vdot(input: Array, other: Array) -> Array:
    """Dot product of two vectors, the first one conjugated."""
    return jnp.vdot(input, other)


@torch_api("torch.inner", "torch.Tensor.inner")
def inner(input: Array, other: Array) -> Array:
    """Dot products of the last axes."""
    return jnp.inner(input, other)


@torch_api("torch.outer", "torch.Tensor.outer", "torch.ger", "torch.Tensor.ger")
def outer(input: Array, vec2: Array) -> Array:
    """Outer product of two vectors."""
    return jnp.outer(input, vec2)


@torch_api("torch.addmm", "torch.Tensor.addmm")
def addmm(input: Array, mat1: Array, mat2: Array, *, beta=1, alpha=1) -> Array:
    """``beta * input + alpha * (mat1 @ mat2)``."""
    product = mat1 @ mat2 if alpha == 1 else alpha * (mat1 @ mat2)
    if beta == 0:
        return product
    return input + product if beta == 1 else beta * input + product


@torch_api("torch.baddbmm", "torch.Tensor.baddbmm")
def baddbmm(input: Array, batch1: Array, batch2: Array, *, beta=1, alpha=1) -> Array:
    """``beta * input + alpha * (batch1 @ batch2)``."""
    product = batch1 @ batch2 if alpha == 1 else alpha * (batch1 @ batch2)
    if beta == 0:
        return product
    return input + product if beta == 1 else beta * input + product


@torch_api("torch.addbmm", "torch.Tensor.addbmm")
def addbmm(input: Array, batch1: Array, batch2: Array, *, beta=1, alpha=1) -> Array:
    """``beta * input`` plus ``alpha`` times the sum of the products of a batch."""
    total = jnp.einsum("bij,bjk->ik", batch1, batch2)
    product = total if alpha == 1 else alpha * total
    if beta == 0:
        return product
    return input + product if beta == 1 else beta * input + product


@torch_api("torch.addmv", "torch.Tensor.addmv")
def addmv(input: Array, mat: Array, vec: Array, *, beta=1, alpha=1) -> Array:
    """``beta * input + alpha * (mat @ vec)``."""
    product = mat @ vec if alpha == 1 else alpha * (mat @ vec)
    if beta == 0:
        return product
    return input + product if beta == 1 else beta * input + product


@torch_api("torch.addr", "torch.Tensor.addr")
def addr(input: Array, vec1: Array, vec2: Array, *, beta=1, alpha=1) -> Array:
    """``beta * input`` plus ``alpha`` times the outer product."""
    product = jnp.outer(vec1, vec2) if alpha == 1 else alpha * jnp.outer(vec1, vec2)
    if beta == 0:
        return product
    return input + product if beta == 1 else beta * input + product


@torch_api("torch.chain_matmul")
def chain_matmul(*matrices) -> Array:
    """Product of several matrices, in the cheapest order."""
    return jnp.linalg.multi_dot(matrices)


@torch_api("torch.linalg.multi_dot")
def multi_dot(tensors) -> Array:
    """Product of several matrices, in the cheapest order."""
    return jnp.linalg.multi_dot(tensors)


@torch_api("torch.einsum")
def einsum(equation, *operands) -> Array:
    """Sum of products by Einstein's convention."""
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        return jnp.einsum(equation, *operands[0])
    return jnp.einsum(equation, *operands)


@torch_api("torch.tensordot")
def tensordot(a: Array, b: Array, dims=2) -> Array:
    """Sum of products over axes of both arrays."""
    return jnp.tensordot(a, b, axes=dims)


@torch_api("torch.cross", "torch.Tensor.cross")
def cross(input: Array, other: Array, dim=None) -> Array:
    """Cross product along an axis, by default the first one of size 3."""
    if dim is None:
        return jnp.cross(input, other, axis=input.shape.index(3))
    return jnp.cross(input, other, axis=dim)


@torch_api("torch.linalg.cross")
def linalg_cross(input: Array, other: Array, *, dim=-1) -> Array:
    """Cross product along an axis."""
    return jnp.cross(input, other, axis=dim)


@torch_api("torch.linalg.vecdot")
def vecdot(x: Array, y: Array, *, dim=-1) -> Array:
    """Dot products along an axis, the first array conjugated."""
    return jnp.vecdot(x, y, axis=dim)


@torch_api("torch.cdist")
def cdist(x1: Array, x2: Array, p=2.0, compute_mode="use_mm_for_euclid_dist_if_necessary") -> Array:
    """Distances between the rows of two (batches of) matrices."""
    return _distance(x1[..., :, None, :], x2[..., None, :, :], p)


def _distance(x: Array, y: Array, p=2.0) -> Array:
    """The `p`-norm of the difference along the last axis; its gradient at zero is zero."""
    gap = (x - y) * jnp.sign(x - y)
    if p == 0:
        return jnp.sum(gap != 0, axis=-1).astype(gap.dtype)
    if p == 1:
        return jnp.sum(gap, axis=-1)
    if p == jnp.inf:
        return jnp.max(gap, axis=-1)
    total = jnp.sum(jnp.where(gap > 0, gap, 1) ** p * (gap > 0), axis=-1)
    return jnp.where(total > 0, jnp.where(total > 0, total, 1) ** (1 / p), 0)
