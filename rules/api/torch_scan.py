"""torch: running reductions, differences and integrals along an axis."""

import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.cumsum", "torch.Tensor.cumsum")
def cumsum(input: Array, dim, *, dtype=None) -> Array:
    """Running sum."""
    return jnp.cumsum(input, axis=dim, dtype=dtype)


@torch_api("torch.cumprod", "torch.Tensor.cumprod")
def cumprod(input: Array, dim, *, dtype=None) -> Array:
    """Running product."""
    return jnp.cumprod(input, axis=dim, dtype=dtype)


@torch_api("torch.logcumsumexp", "torch.Tensor.logcumsumexp")
def logcumsumexp(input: Array, dim) -> Array:
    """Logarithm of the running sum of exponentials."""
    return lax.cumlogsumexp(input, axis=dim if dim >= 0 else input.ndim + dim)


@torch_api("torch.cummax", "torch.Tensor.cummax", fields=("values", "indices"))
def cummax(input: Array, dim) -> tuple[Array, Array]:
    """Running maximum and its places."""
    return (
        lax.cummax(input, axis=dim if dim >= 0 else input.ndim + dim),
        _record_places(input, jnp.maximum, dim),
    )


@torch_api("torch.cummin", "torch.Tensor.cummin", fields=("values", "indices"))
def cummin(input: Array, dim) -> tuple[Array, Array]:
    """Running minimum and its places."""
    return (
        lax.cummin(input, axis=dim if dim >= 0 else input.ndim + dim),
        _record_places(input, jnp.minimum, dim),
    )


def _record_places(x: Array, best, axis) -> Array:
    """Place of the latest element that was the `best` (jnp.maximum, jnp.minimum) so far."""
    axis %= x.ndim
    record = lax.associative_scan(best, x, axis=axis)
    is_record = (x == record) | jnp.isnan(x)
    return lax.cummax(jnp.where(is_record, lax.broadcasted_iota(int, x.shape, axis), 0), axis=axis)


@torch_api("torch.diff", "torch.Tensor.diff")
def diff(input: Array, n=1, dim=-1, prepend=None, append=None) -> Array:
    """Differences of neighbours."""
    return jnp.diff(input, n=n, axis=dim, prepend=prepend, append=append)


@torch_api("torch.trapezoid", "torch.trapz")
def trapezoid(y: Array, x=None, *, dx=1.0, dim=-1) -> Array:
    """Integral by the trapezoidal rule."""
    return jnp.trapezoid(y, x, dx=dx, axis=dim)


@torch_api("torch.cumulative_trapezoid")
def cumulative_trapezoid(y: Array, x=None, *, dx=1.0, dim=-1) -> Array:
    """Running integral by the trapezoidal rule."""
    return _cumulative_trapezoid(y, x, dx, dim)


def _cumulative_trapezoid(y: Array, x, dx, axis) -> Array:
    """Running integral of `y` by the trapezoidal rule, at the points `x` or at distance `dx`."""
    y = jnp.moveaxis(y, axis, -1)
    if x is not None:
        dx = jnp.diff(x if x.ndim == 1 else jnp.moveaxis(x, axis, -1))
    return jnp.moveaxis(jnp.cumsum(dx * (y[..., 1:] + y[..., :-1]) / 2, axis=-1), -1, axis)


@torch_api("torch.gradient")
def gradient(input: Array, *, spacing=None, dim=None, edge_order=1) -> list[Array]:
    """Derivative along axes, by central differences."""
    return _gradient(input, 1 if spacing is None else spacing, dim, edge_order)


def _gradient(x: Array, spacing, axes, edge_order) -> list[Array]:
    """Derivative along `axes` (all of them by default), by central differences."""
    axes = range(x.ndim) if axes is None else (axes,) if isinstance(axes, int) else axes
    many = isinstance(spacing, (tuple, list))
    steps = spacing if many else [spacing for _ in axes]
    derivative = jnp.gradient if edge_order == 1 else _gradient_to_the_ends
    return [derivative(x, step, axis=axis) for step, axis in zip(steps, axes, strict=True)]


def _gradient_to_the_ends(x: Array, step, axis) -> Array:
    """Derivative by central differences, at both ends that of the parabola through three points."""

    def at_first(values, places):
        near, far = places[1] - places[0], places[2] - places[1]
        slope, next_slope = (values[1] - values[0]) / near, (values[2] - values[1]) / far
        return slope - (next_slope - slope) * near / (near + far)

    rows = jnp.moveaxis(x, axis, 0)
    places = jnp.arange(len(rows)) * step if jnp.ndim(step) == 0 else step
    inner = jnp.gradient(rows, places, axis=0)
    first, last = at_first(rows, places), at_first(rows[::-1], places[::-1])
    return jnp.moveaxis(inner.at[0].set(first).at[-1].set(last), 0, axis)
