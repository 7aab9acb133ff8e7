"""torch.distributions: other families with a location and a scale."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


class LocationScale(Distribution):
    """A family whose standard form is moved by ``loc`` and stretched by ``scale``."""

    has_rsample = True

    def __init__(self, loc: Array | float, scale: Array | float, validate_args: bool | None = None):
        self.loc, self.scale = broadcast_parameters(loc, scale)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.loc.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.loc

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.loc

    def _standard(self, value: Array) -> Array:
        return (value - self.loc) / self.scale


@torch_api("torch.distributions.Laplace")
class Laplace(LocationScale):
    """The Laplace (two-sided exponential) distribution."""

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return 2 * self.scale**2

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, dtype = self._extended_shape(sample_shape), self.loc.dtype
        lowest = jnp.finfo(dtype).eps - 1
        u = jax.random.uniform(rngs(), shape, dtype, minval=lowest, maxval=1)
        return self.loc - self.scale * jnp.sign(u) * jnp.log1p(-jnp.abs(u))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return -jnp.abs(self._standard(value)) - jnp.log(2 * self.scale)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        standard = self._standard(value)
        return 0.5 - 0.5 * jnp.sign(standard) * jnp.expm1(-jnp.abs(standard))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        centred = value - 0.5
        return self.loc - self.scale * jnp.sign(centred) * jnp.log1p(-2 * jnp.abs(centred))

    def entropy(self) -> Array:
        """The differential entropy."""
        return 1 + jnp.log(2 * self.scale)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Laplace):
            return super().kl_divergence(other)
        ratio = self.scale / other.scale
        distance = jnp.abs(self.loc - other.loc)
        return distance / other.scale + ratio * jnp.exp(-distance / self.scale) - jnp.log(ratio) - 1


@torch_api("torch.distributions.Cauchy")
class Cauchy(LocationScale):
    """The Cauchy distribution with median ``loc`` and half width ``scale``."""

    @property
    def mean(self) -> Array:
        """There is no expected value."""
        return jnp.full_like(self.loc, jnp.nan)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return jnp.full_like(self.loc, jnp.inf)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        u = jax.random.uniform(rngs(), self._extended_shape(sample_shape), self.loc.dtype)
        return self.loc + self.scale * jnp.tan(math.pi * (u - 0.5))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return -math.log(math.pi) - jnp.log(self.scale) - jnp.log1p(self._standard(value) ** 2)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return jnp.arctan(self._standard(value)) / math.pi + 0.5

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.loc + self.scale * jnp.tan(math.pi * (value - 0.5))

    def entropy(self) -> Array:
        """The differential entropy."""
        return math.log(4 * math.pi) + jnp.log(self.scale)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Cauchy):
            return super().kl_divergence(other)
        spread = (self.scale + other.scale) ** 2 + (self.loc - other.loc) ** 2
        return jnp.log(spread) - jnp.log(4 * self.scale * other.scale)


@torch_api("torch.distributions.HalfCauchy")
class HalfCauchy(Distribution):
    """The absolute value of a Cauchy distribution with median 0."""

    has_rsample = True

    def __init__(self, scale: Array | float, validate_args: bool | None = None):
        self.base_dist = Cauchy(0, scale)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.base_dist.batch_shape

    @property
    def scale(self) -> Array:
        """The half width of the Cauchy distribution."""
        return self.base_dist.scale

    @property
    def mean(self) -> Array:
        """The expected value."""
        return jnp.full_like(self.scale, jnp.inf)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.zeros_like(self.scale)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.base_dist.variance

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        return jnp.abs(self.base_dist.rsample(sample_shape, rngs=rngs))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        density = self.base_dist.log_prob(value) + math.log(2)
        return jnp.where(jnp.asarray(value) >= 0, density, -jnp.inf)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.base_dist.icdf((value + 1) / 2)

    def entropy(self) -> Array:
        """The differential entropy."""
        return self.base_dist.entropy() - math.log(2)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, HalfCauchy):
            return super().kl_divergence(other)
        return self.base_dist.kl_divergence(other.base_dist)


@torch_api("torch.distributions.Gumbel")
class Gumbel(LocationScale):
    """The Gumbel distribution of the largest of many values."""

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.loc + self.scale * jnp.euler_gamma

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return math.pi / math.sqrt(6) * self.scale

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.stddev**2

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, limits = self._extended_shape(sample_shape), jnp.finfo(self.loc.dtype)
        u = jax.random.uniform(
            rngs(), shape, self.loc.dtype, minval=limits.tiny, maxval=1 - limits.eps
        )
        return self.icdf(u)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        standard = self._standard(value)
        return -standard - jnp.exp(-standard) - jnp.log(self.scale)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return jnp.exp(-jnp.exp(-self._standard(value)))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.loc - self.scale * jnp.log(-jnp.log(value))

    def entropy(self) -> Array:
        """The differential entropy."""
        return jnp.log(self.scale) + 1 + jnp.euler_gamma

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Gumbel):
            return super().kl_divergence(other)
        ratio = self.scale / other.scale
        distance = (self.loc - other.loc) / other.scale
        tail = jnp.exp(jax.scipy.special.gammaln(ratio + 1) - distance)
        return distance + tail - jnp.log(ratio) + jnp.euler_gamma * (ratio - 1) - 1
