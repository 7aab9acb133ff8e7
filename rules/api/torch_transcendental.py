"""torch: exponentials, logarithms, trigonometric and hyperbolic functions."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.exp", "torch.Tensor.exp")
def exp(input: Array) -> Array:
    """Exponential."""
    return jnp.exp(input)


@torch_api("torch.exp2", "torch.Tensor.exp2", "torch.special.exp2")
def exp2(input: Array) -> Array:
    """Two to the power of ``input``."""
    return jnp.exp2(input)


@torch_api("torch.expm1", "torch.Tensor.expm1", "torch.special.expm1")
def expm1(input: Array) -> Array:
    """Exponential minus one, accurate near zero."""
    return jnp.expm1(input)


@torch_api("torch.log", "torch.Tensor.log")
def log(input: Array) -> Array:
    """Natural logarithm."""
    return jnp.log(input)


@torch_api("torch.log2", "torch.Tensor.log2")
def log2(input: Array) -> Array:
    """Logarithm to base 2."""
    return jnp.log2(input)


@torch_api("torch.log10", "torch.Tensor.log10")
def log10(input: Array) -> Array:
    """Logarithm to base 10."""
    return jnp.log10(input)


@torch_api("torch.log1p", "torch.Tensor.log1p", "torch.special.log1p")
def log1p(input: Array) -> Array:
    """Logarithm of ``1 + input``, accurate near zero."""
    return jnp.log1p(input)


@torch_api("torch.logaddexp", "torch.Tensor.logaddexp")
def logaddexp(input: Array, other: Array) -> Array:
    """Logarithm of the sum of exponentials."""
    return jnp.logaddexp(input, other)


@torch_api("torch.logaddexp2", "torch.Tensor.logaddexp2")
def logaddexp2(input: Array, other: Array) -> Array:
    """Logarithm of the sum of powers, to base 2."""
    return jnp.logaddexp2(input, other)


@torch_api("torch.sigmoid", "torch.Tensor.sigmoid", "torch.special.expit")
def sigmoid(input: Array) -> Array:
    """Logistic function."""
    return jax.nn.sigmoid(input)


@torch_api("torch.logit", "torch.Tensor.logit", "torch.special.logit")
def logit(input: Array, eps=None) -> Array:
    """Inverse of the logistic function, of ``input`` clipped to ``eps`` and ``1 - eps``."""
    if eps is None:
        return jax.scipy.special.logit(input)
    return jax.scipy.special.logit(jnp.clip(input, eps, 1 - eps))


@torch_api("torch.sin", "torch.Tensor.sin")
def sin(input: Array) -> Array:
    """Sine."""
    return jnp.sin(input)


@torch_api("torch.cos", "torch.Tensor.cos")
def cos(input: Array) -> Array:
    """Cosine."""
    return jnp.cos(input)


@torch_api("torch.tan", "torch.Tensor.tan")
def tan(input: Array) -> Array:
    """Tangent."""
    return jnp.tan(input)


@torch_api("torch.asin", "torch.Tensor.asin", "torch.arcsin", "torch.Tensor.arcsin")
def asin(input: Array) -> Array:
    """Inverse sine."""
    return jnp.arcsin(input)


@torch_api("torch.acos", "torch.Tensor.acos", "torch.arccos", "torch.Tensor.arccos")
def acos(input: Array) -> Array:
    """Inverse cosine."""
    return jnp.arccos(input)


@torch_api("torch.atan", "torch.Tensor.atan", "torch.arctan", "torch.Tensor.arctan")
def atan(input: Array) -> Array:
    """Inverse tangent."""
    return jnp.arctan(input)


@torch_api("torch.atan2", "torch.Tensor.atan2", "torch.arctan2", "torch.Tensor.arctan2")
def atan2(input: Array, other: Array) -> Array:
    """Angle of the point with the coordinates ``other`` (x) and ``input`` (y)."""
    return jnp.arctan2(input, other)


@torch_api("torch.sinh", "torch.Tensor.sinh")
def sinh(input: Array) -> Array:
    """Hyperbolic sine."""
    return jnp.sinh(input)


@torch_api("torch.cosh", "torch.Tensor.cosh")
def cosh(input: Array) -> Array:
    """Hyperbolic cosine."""
    return jnp.cosh(input)


@torch_api("torch.tanh", "torch.Tensor.tanh")
def tanh(input: Array) -> Array:
    """Hyperbolic tangent."""
    return jnp.tanh(input)


@torch_api("torch.asinh", "torch.Tensor.asinh", "torch.arcsinh", "torch.Tensor.arcsinh")
def asinh(input: Array) -> Array:
    """Inverse hyperbolic sine."""
    return jnp.arcsinh(input)


@torch_api("torch.acosh", "torch.Tensor.acosh", "torch.arccosh", "torch.Tensor.arccosh")
def acosh(input: Array) -> Array:
    """Inverse hyperbolic cosine."""
    return jnp.arccosh(input)


@torch_api("torch.atanh", "torch.Tensor.atanh", "torch.arctanh", "torch.Tensor.arctanh")
def atanh(input: Array) -> Array:
    """Inverse hyperbolic tangent."""
    return jnp.arctanh(input)


@torch_api("torch.sinc", "torch.Tensor.sinc", "torch.special.sinc")
def sinc(input: Array) -> Array:
    """``sin(pi * input) / (pi * input)``, 1 at zero."""
    return jnp.sinc(input)


@torch_api("torch.deg2rad", "torch.Tensor.deg2rad")
def deg2rad(input: Array) -> Array:
    """Degrees to radians."""
    return jnp.deg2rad(input)


@torch_api("torch.rad2deg", "torch.Tensor.rad2deg")
def rad2deg(input: Array) -> Array:
    """Radians to degrees."""
    return jnp.rad2deg(input)
