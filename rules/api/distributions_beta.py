"""torch.distributions: the beta distribution."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Beta")
class Beta(Distribution):
    """The beta distribution on [0, 1]."""

    has_rsample = True

    def __init__(
        self,
        concentration1: Array | float,
        concentration0: Array | float,
        validate_args: bool | None = None,
    ):
        self.concentration1, self.concentration0 = broadcast_parameters(
            concentration1, concentration0
        )

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.concentration1.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.concentration1 / (self.concentration1 + self.concentration0)

    @property
    def mode(self) -> Array:
        """The most probable value: an end of the interval where the density has no top inside."""
        a, b = self.concentration1, self.concentration0
        inside = jnp.maximum(a - 1, 0) / (jnp.maximum(a - 1, 0) + jnp.maximum(b - 1, 0))
        return jnp.where((a < 1) & (b < 1), jnp.where(a >= b, 1.0, 0.0), inside)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        total = self.concentration1 + self.concentration0
        return self.concentration1 * self.concentration0 / (total**2 * (total + 1))

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, dtype = self._extended_shape(sample_shape), self.concentration1.dtype
        return jax.random.beta(rngs(), self.concentration1, self.concentration0, shape, dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        a, b = self.concentration1, self.concentration0
        return special.xlogy(a - 1, value) + special.xlog1py(b - 1, -value) - special.betaln(a, b)

    def entropy(self) -> Array:
        """The differential entropy."""
        a, b = self.concentration1, self.concentration0
        return (
            special.betaln(a, b)
            - (a - 1) * special.digamma(a)
            - (b - 1) * special.digamma(b)
            + (a + b - 2) * special.digamma(a + b)
        )

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Beta):
            return super().kl_divergence(other)
        a, b = self.concentration1, self.concentration0
        c, d = other.concentration1, other.concentration0
        return (
            special.betaln(c, d)
            - special.betaln(a, b)
            + (a - c) * special.digamma(a)
            + (b - d) * special.digamma(b)
            + (c - a + d - b) * special.digamma(a + b)
        )
