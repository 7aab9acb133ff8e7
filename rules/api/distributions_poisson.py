"""torch.distributions: the Poisson distribution."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Poisson")
class Poisson(Distribution):
    """The number of independent events, of which ``rate`` are expected."""

    def __init__(self, rate: Array | float, validate_args: bool | None = None):
        (self.rate,) = broadcast_parameters(rate)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.rate.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.rate

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.floor(self.rate)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.rate

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        shape = (*sample_shape, *self.rate.shape)
        return jax.random.poisson(rngs(), self.rate, shape).astype(self.rate.dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of ``value``."""
        return special.xlogy(value, self.rate) - self.rate - special.gammaln(value + 1)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Poisson):
            return super().kl_divergence(other)
        return self.rate * jnp.log(self.rate / other.rate) - self.rate + other.rate
