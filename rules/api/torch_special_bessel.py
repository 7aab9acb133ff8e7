"""torch.special: Bessel and Airy functions, which JAX lacks.

Each one is its integral, by the trapezoidal rule, which converges exponentially for smooth
periodic integrands and for those that fall off on both sides, or its asymptotic series. The
integrals and series are those of the NIST Digital Library of Mathematical Functions (DLMF).
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api

# Up to here Bessel functions come from their integral, beyond from Hankel's asymptotic series.
_FAR = 25.0
# Up to here the Airy function of a negative number comes from its integral.
_AIRY_FAR = 6.0


@torch_api("torch.special.bessel_j0")
def bessel_j0(input: Array) -> Array:
    """Bessel function of the first kind, order 0."""
    x = jnp.abs(input)
    return jnp.where(x < _FAR, _bessel_near(jnp.minimum(x, _FAR), 0)[0], _bessel_far(x, 0)[0])


@torch_api("torch.special.bessel_j1")
def bessel_j1(input: Array) -> Array:
    """Bessel function of the first kind, order 1."""
    x = jnp.abs(input)
    value = jnp.where(x < _FAR, _bessel_near(jnp.minimum(x, _FAR), 1)[0], _bessel_far(x, 1)[0])
    return jnp.sign(input) * value


@torch_api("torch.special.bessel_y0")
def bessel_y0(input: Array) -> Array:
    """Bessel function of the second kind, order 0: minus infinity at zero, NaN below."""
    near = _bessel_near(jnp.minimum(input, _FAR), 0)[1]
    return jnp.where(input < _FAR, near, _bessel_far(input, 0)[1])


@torch_api("torch.special.bessel_y1")
def bessel_y1(input: Array) -> Array:
    """Bessel function of the second kind, order 1: minus infinity at zero, NaN below."""
    near = _bessel_near(jnp.minimum(input, _FAR), 1)[1]
    return jnp.where(input < _FAR, near, _bessel_far(input, 1)[1])


@torch_api("torch.special.modified_bessel_k0")
def modified_bessel_k0(input: Array) -> Array:
    """Modified Bessel function of the second kind, order 0."""
    return _scaled_bessel_k(input, 0) * jnp.exp(-input)


@torch_api("torch.special.modified_bessel_k1")
def modified_bessel_k1(input: Array) -> Array:
    """Modified Bessel function of the second kind, order 1."""
    return _scaled_bessel_k(input, 1) * jnp.exp(-input)


@torch_api("torch.special.scaled_modified_bessel_k0")
def scaled_modified_bessel_k0(input: Array) -> Array:
    """Modified Bessel function of the second kind, order 0, times ``exp(input)``."""
    return _scaled_bessel_k(input, 0)


@torch_api("torch.special.scaled_modified_bessel_k1")
def scaled_modified_bessel_k1(input: Array) -> Array:
    """Modified Bessel function of the second kind, order 1, times ``exp(input)``."""
    return _scaled_bessel_k(input, 1)


@torch_api("torch.special.airy_ai")
def airy_ai(input: Array) -> Array:
    """Airy function of the first kind."""
    near = _airy_near(jnp.maximum(input, -_AIRY_FAR))
    return jnp.where(input > -_AIRY_FAR, near, _airy_far(-input))


def _bessel_near(x: Array, order: int) -> tuple[Array, Array]:
    """Bessel functions of both kinds, order 0 or 1, below `_FAR`.

    Of order 0, by DLMF 10.9.1 and 10.8.2 whose sum over even orders is put under the integral by
    10.12.3; of order 1, minus their derivatives.
    """
    angle = (np.arange(48) + 0.5) * np.pi / 48
    even = 2 * np.arange(1, 20)
    tail = np.euler_gamma - np.log(2) - 4 * np.cos(even * angle[:, None]) @ (1 / even)
    angle, tail = jnp.asarray(angle, x.dtype), jnp.asarray(tail, x.dtype)
    cosine = jnp.cos(angle)
    phase = x[..., None] * cosine
    factor = jnp.log(x)[..., None] + tail
    if order == 0:
        wave = jnp.cos(phase)
        return wave.mean(-1), (wave * factor).mean(-1) * 2 / jnp.pi
    wave = jnp.sin(phase) * cosine
    second = ((wave * factor).mean(-1) - jnp.cos(phase).mean(-1) / x) * 2 / jnp.pi
    return wave.mean(-1), jnp.where(x == 0, -jnp.inf, second)


def _bessel_far(x: Array, order: int) -> tuple[Array, Array]:
    """Bessel functions of both kinds by Hankel's series, DLMF 10.17.3 and 10.17.4."""
    first, second, third = np.cumprod(
        [(4 * order**2 - (2 * k - 1) ** 2) / (8 * k) for k in (1, 2, 3)]
    ).tolist()
    even = 1 - second / x**2
    odd = (first - third / x**2) / x
    phase = x - (order / 2 + 0.25) * jnp.pi
    sine, cosine = jnp.sin(phase), jnp.cos(phase)
    scale = jnp.sqrt(2 / (jnp.pi * x))
    return scale * (cosine * even - sine * odd), scale * (sine * even + cosine * odd)


def _scaled_bessel_k(x: Array, order: int) -> Array:
    """``exp(x)`` times the modified Bessel function of the second kind, by DLMF 10.32.9."""
    end = jnp.arccosh(1 + 30 / x)  # where the integrand has fallen by exp(-30)
    place = end[..., None] * jnp.linspace(0, 1, 129, dtype=x.dtype)
    fall = jnp.exp(-2 * x[..., None] * jnp.sinh(place / 2) ** 2)
    value = end * jnp.trapezoid(fall * jnp.cosh(order * place), dx=1 / 128, axis=-1)
    return jnp.where(x == 0, jnp.inf, value)


def _airy_near(x: Array) -> Array:
    """The Airy function above `-_AIRY_FAR`: DLMF 9.5.4 along a line above the real axis."""
    height = jnp.sqrt(jnp.maximum(x, 1 / 16))
    end = jnp.sqrt(18 / height)[..., None]
    place = end * jnp.linspace(0, 1, 257, dtype=x.dtype)
    phase = place**3 / 3 + (x - height**2)[..., None] * place
    wave = jnp.exp(-height[..., None] * place**2) * jnp.cos(phase)
    total = end[..., 0] * jnp.trapezoid(wave, dx=1 / 256, axis=-1)
    return jnp.exp(height**3 / 3 - x * height) * total / jnp.pi


def _airy_far(x: Array) -> Array:
    """The Airy function of ``-x`` for large `x`, by the series of DLMF 9.7.9."""
    depth = 2 / 3 * x**1.5
    orders = np.arange(1, 9)
    terms = np.cumprod(
        (6 * orders - 5) * (6 * orders - 3) * (6 * orders - 1) / (2 * orders - 1) / (216 * orders)
    )
    odd = sum((-1) ** k * terms[2 * k] / depth ** (2 * k + 1) for k in range(4))
    even = 1 - sum((-1) ** k * terms[2 * k + 1] / depth ** (2 * k + 2) for k in range(4))
    phase = depth - jnp.pi / 4
    return (jnp.cos(phase) * even + jnp.sin(phase) * odd) / jnp.sqrt(jnp.pi * jnp.sqrt(x))
