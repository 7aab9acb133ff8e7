"""torch.distributions: the exponential distribution and powers of it."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Exponential")
class Exponential(Distribution):
    """The exponential distribution."""

    has_rsample = True

    def __init__(self, rate: Array | float, validate_args: bool | None = None):
        (self.rate,) = broadcast_parameters(rate)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.rate.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return 1 / self.rate

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.zeros_like(self.rate)

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return 1 / self.rate

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return 1 / self.rate**2

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape = (*sample_shape, *self.rate.shape)
        return jax.random.exponential(rngs(), shape, self.rate.dtype) / self.rate

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return jnp.log(self.rate) - self.rate * value

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return -jnp.expm1(-self.rate * value)

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return -jnp.log1p(-value) / self.rate

    def entropy(self) -> Array:
        """The differential entropy."""
        return 1 - jnp.log(self.rate)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Exponential):
            return super().kl_divergence(other)
        ratio = other.rate / self.rate
        return ratio - jnp.log(ratio) - 1


@torch_api("torch.distributions.Pareto")
class Pareto(Distribution):
    """The Pareto distribution of values above ``scale``, with tail index ``alpha``."""

    has_rsample = True

    def __init__(
        self, scale: Array | float, alpha: Array | float, validate_args: bool | None = None
    ):
        self.scale, self.alpha = broadcast_parameters(scale, alpha)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.scale.shape

    @property
    def mean(self) -> Array:
        """The expected value, infinite where the tail is too heavy."""
        return jnp.where(self.alpha > 1, self.alpha * self.scale / (self.alpha - 1), jnp.inf)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.scale

    @property
    def variance(self) -> Array:
        """The square of the standard deviation, infinite where the tail is too heavy."""
        a = self.alpha
        return jnp.where(a > 2, self.scale**2 * a / ((a - 1) ** 2 * (a - 2)), jnp.inf)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        draw = jax.random.exponential(rngs(), self._extended_shape(sample_shape), self.alpha.dtype)
        return self.scale * jnp.exp(draw / self.alpha)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        density = jnp.log(self.alpha / self.scale) + (self.alpha + 1) * jnp.log(self.scale / value)
        return jnp.where(value >= self.scale, density, -jnp.inf)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return -jnp.expm1(self.alpha * jnp.log(self.scale / jnp.maximum(value, self.scale)))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.scale * jnp.exp(-jnp.log1p(-value) / self.alpha)

    def entropy(self) -> Array:
        """The differential entropy."""
        return jnp.log(self.scale / self.alpha) + 1 + 1 / self.alpha

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Pareto):
            return super().kl_divergence(other)
        ratio = other.alpha / self.alpha
        divergence = other.alpha * jnp.log(self.scale / other.scale) - jnp.log(ratio) + ratio - 1
        return jnp.where(self.scale >= other.scale, divergence, jnp.inf)


@torch_api("torch.distributions.Weibull")
class Weibull(Distribution):
    """The Weibull distribution."""

    has_rsample = True

    def __init__(
        self,
        scale: Array | float,
        concentration: Array | float,
        validate_args: bool | None = None,
    ):
        self.scale, self.concentration = broadcast_parameters(scale, concentration)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.scale.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.scale * self._moment(1)

    @property
    def mode(self) -> Array:
        """The most probable value, where the density has a top inside."""
        k = self.concentration
        return self.scale * ((k - 1) / k) ** (1 / k)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.scale**2 * (self._moment(2) - self._moment(1) ** 2)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        draw = jax.random.exponential(rngs(), self._extended_shape(sample_shape), self.scale.dtype)
        return self.scale * draw ** (1 / self.concentration)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        k, log_ratio = self.concentration, jnp.log(value / self.scale)
        return jnp.log(k / self.scale) + (k - 1) * log_ratio - jnp.exp(k * log_ratio)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return -jnp.expm1(-((value / self.scale) ** self.concentration))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.scale * (-jnp.log1p(-value)) ** (1 / self.concentration)

    def entropy(self) -> Array:
        """The differential entropy."""
        k = self.concentration
        return jnp.euler_gamma * (1 - 1 / k) + jnp.log(self.scale / k) + 1

    def _moment(self, order: int) -> Array:
        """The expected power of a sample for scale 1."""
        return jnp.exp(special.gammaln(1 + order / self.concentration))
