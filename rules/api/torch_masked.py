"""torch.masked: reductions and normalisations of the elements that a mask keeps.

A mask broadcasts to the array; None keeps every element.
"""

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api

from .torch_statistics import nanmedian


@torch_api("torch.masked.sum")
def sum(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Sum of the elements kept."""
    return jnp.sum(input, axis=dim, dtype=dtype, keepdims=keepdim, where=mask)


@torch_api("torch.masked.prod")
def prod(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Product of the elements kept."""
    return jnp.prod(input, axis=dim, dtype=dtype, keepdims=keepdim, where=mask)


@torch_api("torch.masked.mean")
def mean(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Mean of the elements kept, NaN if there are none."""
    return jnp.mean(input, axis=dim, dtype=dtype, keepdims=keepdim, where=mask)


@torch_api("torch.masked.var")
def var(
    input: Array, dim=None, unbiased=None, *, correction=1, keepdim=False, dtype=None, mask=None
) -> Array:
    """Variance of the elements kept, with Bessel's correction unless told otherwise."""
    ddof = 0 if unbiased is False else 1 if correction is None else correction
    return jnp.var(input, axis=dim, dtype=dtype, ddof=ddof, keepdims=keepdim, where=mask)


@torch_api("torch.masked.std")
def std(
    input: Array, dim=None, unbiased=None, *, correction=1, keepdim=False, dtype=None, mask=None
) -> Array:
    """Standard deviation of the elements kept, with Bessel's correction unless told otherwise."""
    ddof = 0 if unbiased is False else 1 if correction is None else correction
    return jnp.std(input, axis=dim, dtype=dtype, ddof=ddof, keepdims=keepdim, where=mask)


@torch_api("torch.masked.amax")
def amax(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Largest of the elements kept, minus infinity if there are none."""
    x = input if dtype is None else input.astype(dtype)
    if mask is None:
        return jnp.max(x, axis=dim, keepdims=keepdim)
    return jnp.max(x, axis=dim, keepdims=keepdim, initial=-jnp.inf, where=mask)


@torch_api("torch.masked.amin")
def amin(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Smallest of the elements kept, infinity if there are none."""
    x = input if dtype is None else input.astype(dtype)
    if mask is None:
        return jnp.min(x, axis=dim, keepdims=keepdim)
    return jnp.min(x, axis=dim, keepdims=keepdim, initial=jnp.inf, where=mask)


@torch_api("torch.masked.argmax")
def argmax(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Place of the largest element kept, in the dtype of the array as PyTorch has it."""
    place = jnp.argmax(_kept(input, mask, -jnp.inf, None), axis=dim, keepdims=keepdim)
    return place.astype(input.dtype if dtype is None else dtype)


@torch_api("torch.masked.argmin")
def argmin(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Place of the smallest element kept, in the dtype of the array as PyTorch has it."""
    place = jnp.argmin(_kept(input, mask, jnp.inf, None), axis=dim, keepdims=keepdim)
    return place.astype(input.dtype if dtype is None else dtype)


@torch_api("torch.masked.median")
def median(input: Array, dim=-1, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Lower median of the elements kept, NaN if there are none."""
    return nanmedian(_kept(input, mask, jnp.nan, dtype), dim, keepdim)[0]


@torch_api("torch.masked.norm")
def norm(input: Array, ord=2, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Norm of the elements kept."""
    x = _kept(input, mask, jnp.inf if ord == -jnp.inf else 0, dtype)
    return jnp.linalg.vector_norm(x, axis=dim, keepdims=keepdim, ord=ord)


@torch_api("torch.masked.logsumexp")
def logsumexp(input: Array, dim=None, *, keepdim=False, dtype=None, mask=None) -> Array:
    """Logarithm of the sum of exponentials of the elements kept."""
    x = input if dtype is None else input.astype(dtype)
    return jax.nn.logsumexp(x, axis=dim, keepdims=keepdim, where=mask)


@torch_api("torch.masked.cumsum")
def cumsum(input: Array, dim, *, dtype=None, mask=None) -> Array:
    """Running sum in which the other elements count as 0."""
    return jnp.cumsum(_kept(input, mask, 0, dtype), axis=dim)


@torch_api("torch.masked.cumprod")
def cumprod(input: Array, dim, *, dtype=None, mask=None) -> Array:
    """Running product in which the other elements count as 1."""
    return jnp.cumprod(_kept(input, mask, 1, dtype), axis=dim)


@torch_api("torch.masked.softmax")
def softmax(input: Array, dim, *, dtype=None, mask=None) -> Array:
    """Softmax over the elements kept, 0 elsewhere; NaN along an axis without any."""
    return jax.nn.softmax(_kept(input, mask, -jnp.inf, dtype), axis=dim)


@torch_api("torch.masked.log_softmax")
def log_softmax(input: Array, dim, *, dtype=None, mask=None) -> Array:
    """Logarithm of the softmax over the elements kept."""
    return jax.nn.log_softmax(_kept(input, mask, -jnp.inf, dtype), axis=dim)


@torch_api("torch.masked.softmin")
def softmin(input: Array, dim, *, dtype=None, mask=None) -> Array:
    """Softmax of the negative elements kept, 0 elsewhere."""
    return jax.nn.softmax(-_kept(input, mask, jnp.inf, dtype), axis=dim)


@torch_api("torch.masked.normalize")
def normalize(input: Array, ord, dim, *, eps=1e-12, dtype=None, mask=None) -> Array:
    """Divide by the norm of the elements kept, 0 elsewhere."""
    axis = dim if input.ndim else None
    size = norm(input, ord, axis, keepdim=True, dtype=dtype, mask=mask)
    return _kept(input, mask, 0, dtype) / jnp.maximum(size, eps)


@torch_api("torch.masked.logaddexp")
def logaddexp(input: Array, other: Array, *, dtype=None, input_mask=None, other_mask=None) -> Array:
    """``log(exp(input) + exp(other))`` of the elements kept."""
    x = _kept(input, input_mask, -jnp.inf, dtype)
    return jnp.logaddexp(x, _kept(other, other_mask, -jnp.inf, dtype))


def _kept(x: Array, mask, fill, dtype) -> Array:
    """The elements that the mask keeps, `fill` in place of the others."""
    if dtype is not None:
        x = x.astype(dtype)
    return x if mask is None else jnp.where(mask, x, fill)
