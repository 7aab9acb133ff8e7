"""torch.distributions: the normal distribution and what derives from one."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Normal")
class Normal(Distribution):
    """The normal distribution with mean ``loc`` and standard deviation ``scale``."""

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

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return self.scale

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.scale**2

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        noise = jax.random.normal(rngs(), (*sample_shape, *self.loc.shape), self.loc.dtype)
        return self.loc + self.scale * noise

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        standard = (value - self.loc) / self.scale
        return -0.5 * standard**2 - jnp.log(self.scale) - 0.5 * math.log(2 * math.pi)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return 0.5 * (1 + lax.erf((value - self.loc) / (self.scale * math.sqrt(2))))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.loc + self.scale * math.sqrt(2) * lax.erf_inv(2 * value - 1)

    def entropy(self) -> Array:
        """The differential entropy."""
        return 0.5 + 0.5 * math.log(2 * math.pi) + jnp.log(self.scale)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Normal):
            return super().kl_divergence(other)
        ratio = (self.scale / other.scale) ** 2
        distance = ((self.loc - other.loc) / other.scale) ** 2
        return 0.5 * (ratio + distance - 1 - jnp.log(ratio))


@torch_api("torch.distributions.LogNormal")
class LogNormal(Distribution):
    """The exponential of a normal distribution."""

    has_rsample = True

    def __init__(self, loc: Array | float, scale: Array | float, validate_args: bool | None = None):
        self.base_dist = Normal(loc, scale)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.base_dist.batch_shape

    @property
    def loc(self) -> Array:
        """The mean of the logarithm."""
        return self.base_dist.loc

    @property
    def scale(self) -> Array:
        """The standard deviation of the logarithm."""
        return self.base_dist.scale

    @property
    def mean(self) -> Array:
        """The expected value."""
        return jnp.exp(self.loc + self.scale**2 / 2)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.exp(self.loc - self.scale**2)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return jnp.expm1(self.scale**2) * jnp.exp(2 * self.loc + self.scale**2)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        return jnp.exp(self.base_dist.rsample(sample_shape, rngs=rngs))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return self.base_dist.log_prob(jnp.log(value)) - jnp.log(value)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return self.base_dist.cdf(jnp.log(value))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return jnp.exp(self.base_dist.icdf(value))

    def entropy(self) -> Array:
        """The differential entropy."""
        return self.base_dist.entropy() + self.loc

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, LogNormal):
            return super().kl_divergence(other)
        return self.base_dist.kl_divergence(other.base_dist)


@torch_api("torch.distributions.HalfNormal")
class HalfNormal(Distribution):
    """The absolute value of a normal distribution with mean 0."""

    has_rsample = True

    def __init__(self, scale: Array | float, validate_args: bool | None = None):
        self.base_dist = Normal(0, scale)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.base_dist.batch_shape

    @property
    def scale(self) -> Array:
        """The standard deviation of the normal distribution."""
        return self.base_dist.scale

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.zeros_like(self.scale)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.scale**2 * (1 - 2 / math.pi)

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
        if not isinstance(other, HalfNormal):
            return super().kl_divergence(other)
        return self.base_dist.kl_divergence(other.base_dist)
