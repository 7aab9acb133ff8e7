"""torch: comparison, selection and tests of values."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.eq", "torch.Tensor.eq")
def eq(input: Array, other: Array | float) -> Array:
    """Where equal."""
    return input == other


@torch_api("torch.ne", "torch.Tensor.ne", "torch.not_equal", "torch.Tensor.not_equal")
def ne(input: Array, other: Array | float) -> Array:
    """Where different."""
    return input != other


@torch_api("torch.lt", "torch.Tensor.lt", "torch.less", "torch.Tensor.less")
def lt(input: Array, other: Array | float) -> Array:
    """Where ``input`` is less."""
    return input < other


@torch_api("torch.le", "torch.Tensor.le", "torch.less_equal", "torch.Tensor.less_equal")
def le(input: Array, other: Array | float) -> Array:
    """Where ``input`` is less or equal."""
    return input <= other


@torch_api("torch.gt", "torch.Tensor.gt", "torch.greater", "torch.Tensor.greater")
def gt(input: Array, other: Array | float) -> Array:
    """Where ``input`` is greater."""
    return input > other


@torch_api("torch.ge", "torch.Tensor.ge", "torch.greater_equal", "torch.Tensor.greater_equal")
def ge(input: Array, other: Array | float) -> Array:
    """Where ``input`` is greater or equal."""
    return input >= other


@torch_api("torch.isclose", "torch.Tensor.isclose")
def isclose(input: Array, other: Array, rtol=1e-05, atol=1e-08, equal_nan=False) -> Array:
    """Where equal within the tolerances."""
    return jnp.isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


@torch_api("torch.allclose", "torch.Tensor.allclose")
def allclose(input: Array, other: Array, rtol=1e-05, atol=1e-08, equal_nan=False) -> bool:
    """Whether everything is equal within the tolerances."""
    return jnp.allclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


@torch_api("torch.equal", "torch.Tensor.equal")
def equal(input: Array, other: Array) -> bool:
    """Whether shapes and values are equal."""
    return jnp.array_equal(input, other)


@torch_api("torch.isnan", "torch.Tensor.isnan")
def isnan(input: Array) -> Array:
    """Where NaN."""
    return jnp.isnan(input)


@torch_api("torch.isinf", "torch.Tensor.isinf")
def isinf(input: Array) -> Array:
    """Where infinite."""
    return jnp.isinf(input)


@torch_api("torch.isposinf", "torch.Tensor.isposinf")
def isposinf(input: Array) -> Array:
    """Where positive infinity."""
    return jnp.isposinf(input)


@torch_api("torch.isneginf", "torch.Tensor.isneginf")
def isneginf(input: Array) -> Array:
    """Where negative infinity."""
    return jnp.isneginf(input)


@torch_api("torch.isfinite", "torch.Tensor.isfinite")
def isfinite(input: Array) -> Array:
    """Where neither infinite nor NaN."""
    return jnp.isfinite(input)


@torch_api("torch.signbit", "torch.Tensor.signbit")
def signbit(input: Array) -> Array:
    """Where the sign bit is set, as it is for -0.0."""
    return jnp.signbit(input)


@torch_api("torch.isin")
def isin(elements, test_elements, *, assume_unique=False, invert=False) -> Array:
    """Where an element is one of ``test_elements``."""
    return jnp.isin(elements, test_elements, assume_unique=assume_unique, invert=invert)


@torch_api("torch.maximum", "torch.Tensor.maximum")
def maximum(input: Array, other: Array) -> Array:
    """Greater of two, NaN where either is NaN."""
    return jnp.maximum(input, other)


@torch_api("torch.minimum", "torch.Tensor.minimum")
def minimum(input: Array, other: Array) -> Array:
    """Less of two, NaN where either is NaN."""
    return jnp.minimum(input, other)


@torch_api("torch.fmax", "torch.Tensor.fmax")
def fmax(input: Array, other: Array) -> Array:
    """Greater of two, of which NaN is ignored."""
    return jnp.fmax(input, other)


@torch_api("torch.fmin", "torch.Tensor.fmin")
def fmin(input: Array, other: Array) -> Array:
    """Less of two, of which NaN is ignored."""
    return jnp.fmin(input, other)


@torch_api("torch.where")
def where(condition: Array, *values, input=None, other=None) -> Array | tuple[Array, ...]:
    """``input`` where ``condition`` holds, else ``other``; without them, where it holds."""
    if len(values) == 2:
        return jnp.where(condition, values[0], values[1])
    if len(values) == 1:
        return jnp.where(condition, values[0], other)
    if input is None:
        return jnp.where(condition)
    return jnp.where(condition, input, other)


@torch_api("torch.Tensor.where")
def where_self(input: Array, condition: Array, other: Array | float) -> Array:
    """``input`` where ``condition`` holds, else ``other``."""
    return jnp.where(condition, input, other)


@torch_api("torch.is_tensor")
def is_tensor(obj: object) -> bool:
    """Whether ``obj`` is a tensor."""
    return isinstance(obj, jax.Array)


@torch_api("torch.is_floating_point", "torch.Tensor.is_floating_point")
def is_floating_point(input: Array) -> bool:
    """Whether the dtype is a floating point type."""
    return jnp.issubdtype(input.dtype, jnp.floating)


@torch_api("torch.is_nonzero", "torch.Tensor.is_nonzero")
def is_nonzero(input: Array) -> bool:
    """Whether the only element is not zero."""
    return bool(input)
