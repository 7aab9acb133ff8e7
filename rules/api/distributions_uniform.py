"""torch.distributions: the uniform distribution."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Uniform")
class Uniform(Distribution):
    """The uniform distribution on [low, high)."""

    has_rsample = True

    def __init__(self, low: Array | float, high: Array | float, validate_args: bool | None = None):
        self.low, self.high = broadcast_parameters(low, high)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.low.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return (self.low + self.high) / 2

    @property
    def mode(self) -> Array:
        """No value is more probable than others."""
        return jnp.full_like(self.low, jnp.nan)

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return (self.high - self.low) ** 2 / 12

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        part = jax.random.uniform(rngs(), (*sample_shape, *self.low.shape), self.low.dtype)
        return self.low + part * (self.high - self.low)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        is_inside = (self.low <= value) & (value < self.high)
        return jnp.where(is_inside, 0, -jnp.inf) - jnp.log(self.high - self.low)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return jnp.clip((value - self.low) / (self.high - self.low), 0, 1)

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self.low + value * (self.high - self.low)

    def entropy(self) -> Array:
        """The differential entropy."""
        return jnp.log(self.high - self.low)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Uniform):
            return super().kl_divergence(other)
        is_inside = (other.low <= self.low) & (self.high <= other.high)
        return jnp.where(is_inside, other.entropy() - self.entropy(), jnp.inf)
