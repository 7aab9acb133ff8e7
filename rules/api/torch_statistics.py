"""torch: order statistics, histograms, distinct values, covariance."""

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.median", "torch.Tensor.median", fields=("values", "indices"))
def median(input: Array, dim=None, keepdim=False) -> Array | tuple[Array, Array]:
    """Median, the lower one of two middle elements; NaN if there is one."""
    if dim is None:
        return _median(input.reshape(-1), 0)[0]
    return _median(input, dim, keepdim)


@torch_api("torch.nanmedian", "torch.Tensor.nanmedian", fields=("values", "indices"))
def nanmedian(input: Array, dim=None, keepdim=False) -> Array | tuple[Array, Array]:
    """Median of the elements that are not NaN, the lower one of two middle elements."""
    if dim is None:
        return _nanmedian(input.reshape(-1), 0)[0]
    return _nanmedian(input, dim, keepdim)


def _median(x: Array, axis, keepdims=False) -> tuple[Array, Array]:
    """Lower median along `axis` and its place; NaN if there is one."""
    order = jnp.argsort(x, axis=axis)
    middle = jnp.take(order, jnp.array([(x.shape[axis] - 1) // 2]), axis=axis)
    nan = jnp.isnan(x)
    place = jnp.where(nan.any(axis, keepdims=True), jnp.argmax(nan, axis, keepdims=True), middle)
    value = jnp.take_along_axis(x, place, axis)
    return (value, place) if keepdims else (value.squeeze(axis), place.squeeze(axis))


def _nanmedian(x: Array, axis, keepdims=False) -> tuple[Array, Array]:
    """Lower median along `axis` of the elements that are not NaN, and its place."""
    order = jnp.argsort(x, axis=axis)
    count = jnp.sum(~jnp.isnan(x), axis=axis, keepdims=True)
    place = jnp.take_along_axis(order, jnp.maximum(count - 1, 0) // 2, axis)
    value = jnp.take_along_axis(x, place, axis)
    return (value, place) if keepdims else (value.squeeze(axis), place.squeeze(axis))


@torch_api("torch.mode", "torch.Tensor.mode", fields=("values", "indices"))
def mode(input: Array, dim=-1, keepdim=False) -> tuple[Array, Array]:
    """Most frequent element, the smallest one of several, and its last place."""
    return _mode(input, dim, keepdim)


def _mode(x: Array, axis, keepdims=False) -> tuple[Array, Array]:
    """Most frequent element along `axis`, the smallest one of several, and its last place."""
    if not x.ndim:
        return x, jnp.zeros((), int)
    axis %= x.ndim
    order = jnp.argsort(x, axis=axis)
    ordered = jnp.take_along_axis(x, order, axis)
    step = jax.lax.broadcasted_iota(int, x.shape, axis)
    is_first = (ordered != jnp.roll(ordered, 1, axis)) | (step == 0)
    run = step - jax.lax.cummax(jnp.where(is_first, step, 0), axis=axis)
    place = jnp.take_along_axis(order, jnp.argmax(run, axis, keepdims=True), axis)
    value = jnp.take_along_axis(x, place, axis)
    return (value, place) if keepdims else (value.squeeze(axis), place.squeeze(axis))


@torch_api("torch.quantile", "torch.Tensor.quantile")
def quantile(input: Array, q, dim=None, keepdim=False, *, interpolation="linear") -> Array:
    """Quantiles."""
    if interpolation == "nearest":
        return _nearest_quantile(input, q, dim, keepdim)
    return jnp.quantile(input, q, axis=dim, method=interpolation, keepdims=keepdim)


def _nearest_quantile(x: Array, q, axis, keepdims) -> Array:
    """Quantiles at the nearest rank, at the even one of two."""
    rank = jnp.asarray(q) * ((x.size if axis is None else x.shape[axis]) - 1)
    low = jnp.quantile(x, q, axis=axis, method="lower", keepdims=keepdims)
    high = jnp.quantile(x, q, axis=axis, method="higher", keepdims=keepdims)
    is_high = jnp.round(rank) > jnp.floor(rank)
    return jnp.where(is_high.reshape(is_high.shape + (1,) * (low.ndim - rank.ndim)), high, low)


@torch_api("torch.nanquantile", "torch.Tensor.nanquantile")
def nanquantile(input: Array, q, dim=None, keepdim=False, *, interpolation="linear") -> Array:
    """Quantiles of the elements that are not NaN."""
    return jnp.nanquantile(input, q, axis=dim, method=interpolation, keepdims=keepdim)


@torch_api("torch.histc", "torch.Tensor.histc")
def histc(input: Array, bins=100, min=0, max=0) -> Array:
    """Number of elements in each of `bins` equal bins between `min` and `max`."""
    return _histogram_counts(input, bins, min, max)


def _histogram_counts(x: Array, bins, low, high) -> Array:
    """Number of elements in equal bins; by default the bins span all elements."""
    if low == high:
        low, high = (x.min(), x.max()) if low == 0 and x.size else (low, high)
        low, high = jnp.where(low == high, low - 1, low), jnp.where(low == high, high + 1, high)
    return jnp.histogram(x, bins, range=(low, high))[0].astype(x.dtype)


@torch_api("torch.histogram", "torch.Tensor.histogram", fields=("hist", "bin_edges"))
def histogram(input: Array, bins, *, range=None, weight=None, density=False) -> tuple[Array, Array]:
    """Number (or density) of elements in bins, and the edges of the bins."""
    return jnp.histogram(input, bins, range=range, weights=weight, density=density)


@torch_api("torch.histogramdd", "torch.functional.histogramdd", fields=("hist", "bin_edges"))
def histogramdd(
    input: Array, bins, *, range=None, weight=None, density=False
) -> tuple[Array, list[Array]]:
    """Number (or density) of the rows in boxes, and the edges of the boxes along each axis."""
    return _histogramdd(input, bins, range, weight, density)


def _histogramdd(x: Array, bins, limits, weights, density) -> tuple[Array, list[Array]]:
    """Histogram of the rows in their dtype, the limits of all axes in one list."""
    pairs = None if limits is None else list(zip(limits[::2], limits[1::2], strict=True))
    counts, edges = jnp.histogramdd(x, bins, range=pairs, weights=weights, density=density)
    return counts.astype(x.dtype), edges


@torch_api("torch.bincount", "torch.Tensor.bincount")
def bincount(input: Array, weights=None, minlength=0) -> Array:
    """How often each non-negative integer occurs."""
    if minlength == 0 and weights is None:
        return jnp.bincount(input)
    return _bincount(input, weights, minlength)


def _bincount(x: Array, weights, minlength: int) -> Array:
    """Counts in at least `minlength` bins; under jit, where shapes are fixed, exactly so many."""
    length = minlength if isinstance(x, jax.core.Tracer) else None
    weights = None if weights is None else weights * 1.0
    return jnp.bincount(x, weights=weights, minlength=minlength, length=length)


@torch_api("torch.unique", "torch.Tensor.unique")
def unique(
    input: Array, sorted=True, return_inverse=False, return_counts=False, dim=None
) -> Array | tuple[Array, ...]:
    """Distinct elements in order, optionally where they went and how often they occur."""
    return jnp.unique(input, return_inverse=return_inverse, return_counts=return_counts, axis=dim)


@torch_api("torch.unique_consecutive", "torch.Tensor.unique_consecutive")
def unique_consecutive(
    input: Array, return_inverse=False, return_counts=False, dim=None
) -> Array | tuple[Array, ...]:
    """First elements of the runs of equal elements."""
    runs = _runs(input if dim is not None else input.reshape(-1), 0 if dim is None else dim)
    if return_inverse and return_counts:
        return runs[0], runs[1] if dim is not None else runs[1].reshape(input.shape), runs[2]
    if return_inverse:
        return runs[0], runs[1] if dim is not None else runs[1].reshape(input.shape)
    if return_counts:
        return runs[0], runs[2]
    return runs[0]


def _runs(x: Array, axis) -> tuple[Array, Array, Array]:
    """First slices of the runs of equal slices along `axis`, the run of each, their lengths."""
    rows = jnp.moveaxis(x, axis, 0)
    is_new = (rows[1:] != rows[:-1]).any(tuple(range(1, x.ndim)))
    is_first = jnp.ones(len(rows), bool).at[1:].set(is_new)
    run = jnp.cumsum(is_first) - 1
    return jnp.compress(is_first, x, axis=axis), run, jnp.bincount(run)


@torch_api("torch.cov", "torch.Tensor.cov")
def cov(input: Array, *, correction=1, fweights=None, aweights=None) -> Array:
    """Covariance of the rows."""
    return jnp.cov(input, ddof=correction, fweights=fweights, aweights=aweights)


@torch_api("torch.corrcoef", "torch.Tensor.corrcoef")
def corrcoef(input: Array) -> Array:
    """Correlation of the rows."""
    return jnp.corrcoef(input)
