"""torch.special, and its functions that torch offers too."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.erf", "torch.Tensor.erf", "torch.special.erf")
def erf(input: Array) -> Array:
    """Error function."""
    return jax.scipy.special.erf(input)


@torch_api("torch.erfc", "torch.Tensor.erfc", "torch.special.erfc")
def erfc(input: Array) -> Array:
    """Complementary error function."""
    return jax.scipy.special.erfc(input)


@torch_api("torch.special.erfcx")
def erfcx(input: Array) -> Array:
    """Scaled complementary error function."""
    return jax.scipy.special.erfcx(input)


@torch_api("torch.erfinv", "torch.Tensor.erfinv", "torch.special.erfinv")
def erfinv(input: Array) -> Array:
    """Inverse error function."""
    return jax.scipy.special.erfinv(input)


@torch_api("torch.lgamma", "torch.Tensor.lgamma", "torch.special.gammaln")
def lgamma(input: Array) -> Array:
    """Logarithm of the absolute value of the gamma function."""
    return jax.scipy.special.gammaln(input)


@torch_api("torch.digamma", "torch.Tensor.digamma", "torch.special.digamma", "torch.special.psi")
def digamma(input: Array) -> Array:
    """Logarithmic derivative of the gamma function."""
    return jax.scipy.special.digamma(input)


@torch_api("torch.polygamma", "torch.special.polygamma")
def polygamma(n, input: Array) -> Array:
    """Derivative number ``n`` of the digamma function."""
    if n == 0:
        return jax.scipy.special.digamma(input)
    return _polygamma(n, input)


@torch_api("torch.Tensor.polygamma")
def polygamma_method(input: Array, n) -> Array:
    """Derivative number ``n`` of the digamma function."""
    return polygamma(n, input)


def _polygamma(n: int, x: Array) -> Array:
    """Derivative number ``n`` > 0 of the digamma function.

    Below zero by the reflection formula, where jax.scipy.special.polygamma loses terms (DLMF
    5.15.6: the derivatives of ``pi * cot(pi * x)`` are polynomials in the cotangent).
    """
    derivative = np.polynomial.Polynomial([0, 1])
    for _ in range(n):
        derivative = -derivative.deriv() * np.polynomial.Polynomial([1, 0, 1])
    negative = jnp.where(x < 0, x, -0.5)
    cotangent = 1 / jnp.tan(jnp.pi * (negative - jnp.round(negative)))
    reflected = jnp.pi ** (n + 1) * jnp.polyval(derivative.coef[::-1], cotangent)
    value = jax.scipy.special.polygamma(n, jnp.where(x < 0, 1 - x, x))
    return jnp.where(x < 0, (-1) ** n * value - reflected, value)


@torch_api("torch.mvlgamma", "torch.Tensor.mvlgamma", "torch.special.multigammaln")
def mvlgamma(input: Array, p) -> Array:
    """Logarithm of the multivariate gamma function of dimension ``p``."""
    return jax.scipy.special.multigammaln(input, p)


@torch_api("torch.igamma", "torch.Tensor.igamma", "torch.special.gammainc")
def igamma(input: Array, other: Array) -> Array:
    """Regularised lower incomplete gamma function."""
    return jax.scipy.special.gammainc(input, other)


@torch_api("torch.igammac", "torch.Tensor.igammac", "torch.special.gammaincc")
def igammac(input: Array, other: Array) -> Array:
    """Regularised upper incomplete gamma function."""
    return jax.scipy.special.gammaincc(input, other)


@torch_api("torch.i0", "torch.Tensor.i0", "torch.special.i0", "torch.special.modified_bessel_i0")
def i0(input: Array) -> Array:
    """Modified Bessel function of the first kind, order 0."""
    return jax.scipy.special.i0(input)


@torch_api("torch.special.i0e")
def i0e(input: Array) -> Array:
    """Scaled modified Bessel function of the first kind, order 0."""
    return jax.scipy.special.i0e(input)


@torch_api("torch.special.i1", "torch.special.modified_bessel_i1")
def i1(input: Array) -> Array:
    """Modified Bessel function of the first kind, order 1."""
    return jax.scipy.special.i1(input)


@torch_api("torch.special.i1e")
def i1e(input: Array) -> Array:
    """Scaled modified Bessel function of the first kind, order 1."""
    return jax.scipy.special.i1e(input)


@torch_api("torch.special.spherical_bessel_j0")
def spherical_bessel_j0(input: Array) -> Array:
    """``sin(input) / input``, 1 at zero."""
    return jnp.sinc(input / jnp.pi)


@torch_api("torch.xlogy", "torch.Tensor.xlogy", "torch.special.xlogy")
def xlogy(input: Array, other: Array | float) -> Array:
    """``input * log(other)``, 0 where ``input`` is zero."""
    return jax.scipy.special.xlogy(input, other)


@torch_api("torch.special.xlog1py")
def xlog1py(input: Array, other: Array | float) -> Array:
    """``input * log1p(other)``, 0 where ``input`` is zero."""
    return jax.scipy.special.xlog1py(input, other)


@torch_api("torch.special.entr")
def entr(input: Array) -> Array:
    """``-input * log(input)``, 0 at zero and negative infinity below."""
    return jax.scipy.special.entr(input)


@torch_api("torch.special.ndtr")
def ndtr(input: Array) -> Array:
    """Distribution function of the standard normal."""
    return jax.scipy.special.ndtr(input)


@torch_api("torch.special.log_ndtr")
def log_ndtr(input: Array) -> Array:
    """Logarithm of the distribution function of the standard normal."""
    return jax.scipy.special.log_ndtr(input)


@torch_api("torch.special.ndtri")
def ndtri(input: Array) -> Array:
    """Quantile function of the standard normal."""
    return jax.scipy.special.ndtri(input)


@torch_api("torch.special.zeta")
def zeta(input: Array, other: Array | float) -> Array:
    """Hurwitz zeta function."""
    return jax.scipy.special.zeta(input, other)


@torch_api("torch.special.logsumexp")
def logsumexp(input: Array, dim, keepdim=False) -> Array:
    """Logarithm of the sum of exponentials along axes."""
    return jax.scipy.special.logsumexp(input, axis=dim, keepdims=keepdim)
