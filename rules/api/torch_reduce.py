"""torch: reductions over one, several or all axes."""

import jax
import jax.numpy as jnp
import optax
from jax import Array

from tojax.rules.api import torch_api

from .functional_norm import vector_norm


@torch_api("torch.sum", "torch.Tensor.sum")
def sum(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Sum of elements."""
    return jnp.sum(input, axis=dim, dtype=dtype, keepdims=keepdim)


@torch_api("torch.nansum", "torch.Tensor.nansum")
def nansum(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Sum of elements, NaN counting as zero."""
    return jnp.nansum(input, axis=dim, dtype=dtype, keepdims=keepdim)


@torch_api("torch.mean", "torch.Tensor.mean")
def mean(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Mean of elements."""
    return jnp.mean(input, axis=dim, dtype=dtype, keepdims=keepdim)


@torch_api("torch.nanmean", "torch.Tensor.nanmean")
def nanmean(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Mean of the elements that are not NaN."""
    return jnp.nanmean(input, axis=dim, dtype=dtype, keepdims=keepdim)


@torch_api("torch.prod", "torch.Tensor.prod")
def prod(input: Array, dim=None, keepdim=False, *, dtype=None) -> Array:
    """Product of elements."""
    return jnp.prod(input, axis=dim, dtype=dtype, keepdims=keepdim)


@torch_api("torch.max", "torch.Tensor.max", fields=("values", "indices"))
def max(input: Array, dim=None, keepdim=False, *, other=None) -> Array | tuple[Array, Array]:
    """Largest element, or largest elements along an axis with their places, or of two arrays."""
    if other is not None:
        return jnp.maximum(input, other)
    if dim is None:
        return jnp.max(input)
    if isinstance(dim, Array):
        return jnp.maximum(input, dim)
    return (
        jnp.max(input, axis=dim, keepdims=keepdim),
        jnp.argmax(input, axis=dim, keepdims=keepdim),
    )


@torch_api("torch.min", "torch.Tensor.min", fields=("values", "indices"))
def min(input: Array, dim=None, keepdim=False, *, other=None) -> Array | tuple[Array, Array]:
    """Smallest element, or smallest elements along an axis with their places, or of two arrays."""
    if other is not None:
        return jnp.minimum(input, other)
    if dim is None:
        return jnp.min(input)
    if isinstance(dim, Array):
        return jnp.minimum(input, dim)
    return (
        jnp.min(input, axis=dim, keepdims=keepdim),
        jnp.argmin(input, axis=dim, keepdims=keepdim),
    )


@torch_api("torch.amax", "torch.Tensor.amax")
def amax(input: Array, dim=None, keepdim=False) -> Array:
    """Largest elements along axes."""
    return jnp.max(input, axis=dim, keepdims=keepdim)


@torch_api("torch.amin", "torch.Tensor.amin")
def amin(input: Array, dim=None, keepdim=False) -> Array:
    """Smallest elements along axes."""
    return jnp.min(input, axis=dim, keepdims=keepdim)


@torch_api("torch.aminmax", "torch.Tensor.aminmax", fields=("min", "max"))
def aminmax(input: Array, *, dim=None, keepdim=False) -> tuple[Array, Array]:
    """Smallest and largest elements along an axis."""
    return jnp.min(input, axis=dim, keepdims=keepdim), jnp.max(input, axis=dim, keepdims=keepdim)


@torch_api("torch.argmax", "torch.Tensor.argmax")
def argmax(input: Array, dim=None, keepdim=False) -> Array:
    """Place of the largest element, the first one of several."""
    return jnp.argmax(input, axis=dim, keepdims=keepdim)


@torch_api("torch.argmin", "torch.Tensor.argmin")
def argmin(input: Array, dim=None, keepdim=False) -> Array:
    """Place of the smallest element, the first one of several."""
    return jnp.argmin(input, axis=dim, keepdims=keepdim)


@torch_api("torch.all", "torch.Tensor.all")
def all(input: Array, dim=None, keepdim=False) -> Array:
    """Whether all elements are true."""
    return jnp.all(input, axis=dim, keepdims=keepdim)


@torch_api("torch.any", "torch.Tensor.any")
def any(input: Array, dim=None, keepdim=False) -> Array:
    """Whether any element is true."""
    return jnp.any(input, axis=dim, keepdims=keepdim)


@torch_api("torch.count_nonzero", "torch.Tensor.count_nonzero")
def count_nonzero(input: Array, dim=None) -> Array:
    """Number of elements that are not zero."""
    return jnp.count_nonzero(input, axis=dim)


@torch_api("torch.std", "torch.Tensor.std")
def std(input: Array, dim=None, unbiased=True, keepdim=False, *, correction=1) -> Array:
    """Standard deviation, with Bessel's correction unless told otherwise."""
    if isinstance(dim, bool):
        return standard_deviation(input, ddof=1 if dim else 0)
    ddof = (1 if correction is None else correction) if unbiased else 0
    return standard_deviation(
        input,
        axis=dim,
        ddof=ddof,
        keepdims=keepdim,
    )


def standard_deviation(x, axis=None, ddof=0, keepdims=False):
    """Standard deviation, with gradient zero (that of `jnp.std` is NaN) where it is zero."""
    variance = jnp.var(x, axis=axis, ddof=ddof, keepdims=keepdims)
    is_zero = variance == 0
    return jnp.where(is_zero, 0, jnp.sqrt(jnp.where(is_zero, 1, variance)))


@torch_api("torch.var", "torch.Tensor.var")
def var(input: Array, dim=None, unbiased=True, keepdim=False, *, correction=1) -> Array:
    """Variance, with Bessel's correction unless told otherwise."""
    if isinstance(dim, bool):
        return jnp.var(input, ddof=1 if dim else 0)
    ddof = (1 if correction is None else correction) if unbiased else 0
    return jnp.var(
        input,
        axis=dim,
        ddof=ddof,
        keepdims=keepdim,
    )


@torch_api("torch.std_mean")
def std_mean(
    input: Array, dim=None, unbiased=True, keepdim=False, *, correction=1
) -> tuple[Array, Array]:
    """Standard deviation and mean."""
    if isinstance(dim, bool):
        return standard_deviation(input, ddof=1 if dim else 0), jnp.mean(input)
    ddof = (1 if correction is None else correction) if unbiased else 0
    return (
        standard_deviation(
            input,
            axis=dim,
            ddof=ddof,
            keepdims=keepdim,
        ),
        jnp.mean(input, axis=dim, keepdims=keepdim),
    )


@torch_api("torch.var_mean")
def var_mean(
    input: Array, dim=None, unbiased=True, keepdim=False, *, correction=1
) -> tuple[Array, Array]:
    """Variance and mean."""
    if isinstance(dim, bool):
        return jnp.var(input, ddof=1 if dim else 0), jnp.mean(input)
    ddof = (1 if correction is None else correction) if unbiased else 0
    return (
        jnp.var(
            input,
            axis=dim,
            ddof=ddof,
            keepdims=keepdim,
        ),
        jnp.mean(input, axis=dim, keepdims=keepdim),
    )


@torch_api("torch.logsumexp", "torch.Tensor.logsumexp")
def logsumexp(input: Array, dim, keepdim=False) -> Array:
    """Logarithm of the sum of exponentials."""
    return jax.nn.logsumexp(input, axis=dim, keepdims=keepdim)


@torch_api("torch.norm", "torch.Tensor.norm")
def norm(input: Array, p="fro", dim=None, keepdim=False, dtype=None) -> Array:
    """Norm of the elements along axes, taken as one vector; its gradient at zero is zero."""
    if dtype is not None:
        input = input.astype(dtype)
    if p == "nuc":
        axes = (-2, -1) if dim is None else tuple(dim)
        return jnp.linalg.norm(input, "nuc", axis=axes, keepdims=keepdim)
    order = 2 if p is None or p == "fro" else p
    axis = tuple(dim) if isinstance(dim, list) else dim
    if order == 2 and (dim is None or isinstance(dim, int) or len(dim) == 2):
        return optax.safe_norm(input, 0.0, axis=axis, keepdims=keepdim)
    return vector_norm(input, order, axis=axis, keepdims=keepdim)


@torch_api("torch.dist", "torch.Tensor.dist")
def dist(input: Array, other: Array, p=2) -> Array:
    """Norm of the difference."""
    if p == 2:
        return optax.safe_norm(input - other, 0.0)
    return vector_norm(input - other, p, axis=None)


@torch_api("torch.renorm", "torch.Tensor.renorm")
def renorm(input: Array, p, dim, maxnorm) -> Array:
    """Scale down the slices along `dim` whose norm exceeds `maxnorm`."""
    return _renorm(input, p, dim, maxnorm)


def _renorm(x: Array, order, axis, limit) -> Array:
    """Scale down the slices along `axis` whose norm exceeds `limit`."""
    rows = jnp.moveaxis(x, axis, 0).reshape(x.shape[axis], -1)
    norms = jnp.linalg.vector_norm(rows, axis=1, ord=order)
    scale = jnp.where(norms > limit, limit / (norms + 1e-7), 1)
    return x * jnp.expand_dims(scale, [i for i in range(x.ndim) if i != axis % x.ndim])


@torch_api("torch.Tensor.sum_to_size")
def sum_to_size(input: Array, *size) -> Array:
    """Sum over the axes along which `size` would be broadcast to the array's shape."""
    return _sum_to_shape(input, size[0] if len(size) == 1 else size)


def _sum_to_shape(x: Array, shape) -> Array:
    """Sum over the axes along which `shape` would be broadcast to the shape of `x`."""
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    extra = x.ndim - len(shape)
    ones = [extra + i for i, n in enumerate(shape) if n == 1]
    return jnp.sum(x, axis=(*range(extra), *ones)).reshape(shape)
