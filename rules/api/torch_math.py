"""torch: elementwise arithmetic."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.add", "torch.Tensor.add")
def add(input: Array, other: Array | float, *, alpha=None) -> Array:
    """``input + alpha * other``."""
    if alpha is None:
        return input + other
    return input + alpha * other


@torch_api("torch.sub", "torch.Tensor.sub", "torch.subtract", "torch.Tensor.subtract")
def sub(input: Array, other: Array | float, *, alpha=None) -> Array:
    """``input - alpha * other``."""
    if alpha is None:
        return input - other
    return input - alpha * other


@torch_api("torch.rsub")
def rsub(input: Array, other: Array | float, *, alpha=None) -> Array:
    """``other - alpha * input``."""
    if alpha is None:
        return other - input
    return other - alpha * input


@torch_api("torch.mul", "torch.Tensor.mul", "torch.multiply", "torch.Tensor.multiply")
def mul(input: Array, other: Array | float) -> Array:
    """Product."""
    return input * other


@torch_api("torch.div", "torch.Tensor.div", "torch.divide", "torch.Tensor.divide")
def div(input: Array, other: Array | float, *, rounding_mode=None) -> Array:
    """Quotient, exact or rounded down (``floor``) or towards zero (``trunc``)."""
    if rounding_mode == "floor":
        return input // other
    if rounding_mode == "trunc":
        return divide_truncated(input, other)
    return input / other


def divide_truncated(x: Array, y: Array | float) -> Array:
    """The quotient rounded towards zero, exact for integers."""
    dtype = jnp.result_type(x, y)
    if jnp.issubdtype(dtype, jnp.integer):
        return jax.lax.div(*jnp.broadcast_arrays(jnp.asarray(x, dtype), jnp.asarray(y, dtype)))
    return jnp.trunc(x / y)


@torch_api("torch.true_divide", "torch.Tensor.true_divide")
def true_divide(input: Array, other: Array | float) -> Array:
    """Quotient, floating point also for integers."""
    return input / other


@torch_api("torch.floor_divide", "torch.Tensor.floor_divide")
def floor_divide(input: Array, other: Array | float) -> Array:
    """Quotient rounded down."""
    return input // other


@torch_api("torch.remainder", "torch.Tensor.remainder")
def remainder(input: Array | float, other: Array | float) -> Array:
    """Remainder with the sign of ``other``."""
    return input % other


@torch_api("torch.fmod", "torch.Tensor.fmod")
def fmod(input: Array, other: Array | float) -> Array:
    """Remainder with the sign of ``input``."""
    return jnp.fmod(input, other)


@torch_api("torch.frac", "torch.Tensor.frac")
def frac(input: Array) -> Array:
    """Fractional part, with the sign of ``input``."""
    return jnp.fmod(input, 1)


@torch_api("torch.pow", "torch.Tensor.pow")
def pow(input: Array | float, exponent: Array | float) -> Array:
    """Power."""
    return input**exponent


@torch_api("torch.float_power", "torch.Tensor.float_power")
def float_power(input: Array | float, exponent: Array | float) -> Array:
    """Power in the widest floating point type."""
    return jnp.float_power(input, exponent)


@torch_api("torch.square", "torch.Tensor.square")
def square(input: Array) -> Array:
    """Square."""
    return jnp.square(input)


@torch_api("torch.sqrt", "torch.Tensor.sqrt")
def sqrt(input: Array) -> Array:
    """Square root."""
    return jnp.sqrt(input)


@torch_api("torch.rsqrt", "torch.Tensor.rsqrt")
def rsqrt(input: Array) -> Array:
    """Reciprocal of the square root."""
    return jax.lax.rsqrt(input)


@torch_api("torch.reciprocal", "torch.Tensor.reciprocal")
def reciprocal(input: Array) -> Array:
    """``1 / input``."""
    return 1 / input


@torch_api("torch.neg", "torch.Tensor.neg", "torch.negative", "torch.Tensor.negative")
def neg(input: Array) -> Array:
    """``-input``."""
    return -input


@torch_api("torch.positive", "torch.Tensor.positive")
def positive(input: Array) -> Array:
    """``input`` itself."""
    return input


@torch_api("torch.abs", "torch.Tensor.abs", "torch.absolute", "torch.Tensor.absolute")
def abs(input: Array) -> Array:
    """Absolute value."""
    return jnp.abs(input)


@torch_api("torch.sign", "torch.Tensor.sign", "torch.sgn", "torch.Tensor.sgn")
def sign(input: Array) -> Array:
    """Sign; of a complex number, the number over its absolute value."""
    return jnp.sign(input)


@torch_api("torch.copysign", "torch.Tensor.copysign")
def copysign(input: Array, other: Array | float) -> Array:
    """Magnitude of ``input`` with the sign of ``other``."""
    return jnp.copysign(input, other)


@torch_api("torch.hypot", "torch.Tensor.hypot")
def hypot(input: Array, other: Array) -> Array:
    """Hypotenuse of a right triangle with the given legs."""
    return jnp.hypot(input, other)


@torch_api("torch.lerp", "torch.Tensor.lerp")
def lerp(input: Array, end: Array, weight: Array | float) -> Array:
    """``input`` moved towards ``end`` by the fraction ``weight``."""
    return input + weight * (end - input)


@torch_api("torch.addcmul", "torch.Tensor.addcmul")
def addcmul(input: Array, tensor1: Array, tensor2: Array, *, value=None) -> Array:
    """``input + value * tensor1 * tensor2``."""
    if value is None:
        return input + tensor1 * tensor2
    return input + value * tensor1 * tensor2


@torch_api("torch.addcdiv", "torch.Tensor.addcdiv")
def addcdiv(input: Array, tensor1: Array, tensor2: Array, *, value=None) -> Array:
    """``input + value * tensor1 / tensor2``."""
    if value is None:
        return input + tensor1 / tensor2
    return input + value * (tensor1 / tensor2)


@torch_api("torch.gcd", "torch.Tensor.gcd")
def gcd(input: Array, other: Array) -> Array:
    """Greatest common divisor."""
    return jnp.gcd(input, other)


@torch_api("torch.lcm", "torch.Tensor.lcm")
def lcm(input: Array, other: Array) -> Array:
    """Least common multiple."""
    return jnp.lcm(input, other)


@torch_api("torch.ldexp", "torch.Tensor.ldexp")
def ldexp(input: Array, other: Array) -> Array:
    """``input`` times two to the power of ``other``."""
    return input * 2.0**other


@torch_api("torch.frexp", "torch.Tensor.frexp", fields=("mantissa", "exponent"))
def frexp(input: Array) -> tuple[Array, Array]:
    """Mantissa in [0.5, 1) and binary exponent."""
    return jnp.frexp(input)


@torch_api("torch.nextafter", "torch.Tensor.nextafter")
def nextafter(input: Array, other: Array) -> Array:
    """The next floating point number towards ``other``."""
    return jnp.nextafter(input, other)
