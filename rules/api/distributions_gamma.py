"""torch.distributions: the gamma, beta and Dirichlet distributions and their kin."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.Gamma")
class Gamma(Distribution):
    """The gamma distribution with shape ``concentration`` and ``rate`` = 1 / scale."""

    has_rsample = True

    def __init__(
        self,
        concentration: Array | float,
        rate: Array | float,
        validate_args: bool | None = None,
    ):
        self.concentration, self.rate = broadcast_parameters(concentration, rate)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.rate.shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.concentration / self.rate

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.maximum(self.concentration - 1, 0) / self.rate

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.concentration / self.rate**2

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, dtype = self._extended_shape(sample_shape), self.rate.dtype
        draw = jax.random.gamma(rngs(), self.concentration, shape, dtype) / self.rate
        return jnp.maximum(draw, jnp.finfo(dtype).tiny)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return (
            special.xlogy(self.concentration, self.rate)
            + special.xlogy(self.concentration - 1, value)
            - self.rate * value
            - special.gammaln(self.concentration)
        )

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return special.gammainc(self.concentration, self.rate * value)

    def entropy(self) -> Array:
        """The differential entropy."""
        a = self.concentration
        return a - jnp.log(self.rate) + special.gammaln(a) + (1 - a) * special.digamma(a)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Gamma):
            return super().kl_divergence(other)
        return (
            other.concentration * jnp.log(self.rate / other.rate)
            + special.gammaln(other.concentration)
            - special.gammaln(self.concentration)
            + (self.concentration - other.concentration) * special.digamma(self.concentration)
            + (other.rate - self.rate) * self.mean
        )


@torch_api("torch.distributions.Chi2")
class Chi2(Gamma):
    """The distribution of the sum of squares of ``df`` standard normal numbers."""

    def __init__(self, df: Array | float, validate_args: bool | None = None):
        super().__init__(0.5 * jnp.asarray(df), 0.5)

    @property
    def df(self) -> Array:
        """The degrees of freedom."""
        return 2 * self.concentration


@torch_api("torch.distributions.InverseGamma")
class InverseGamma(Distribution):
    """The distribution of 1 / x for x of a gamma distribution."""

    has_rsample = True

    def __init__(
        self,
        concentration: Array | float,
        rate: Array | float,
        validate_args: bool | None = None,
    ):
        self.base_dist = Gamma(concentration, rate)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.base_dist.batch_shape

    @property
    def concentration(self) -> Array:
        """The shape of the gamma distribution."""
        return self.base_dist.concentration

    @property
    def rate(self) -> Array:
        """The rate of the gamma distribution."""
        return self.base_dist.rate

    @property
    def mean(self) -> Array:
        """The expected value, infinite where the tail is too heavy."""
        a = self.concentration
        return jnp.where(a > 1, self.rate / (a - 1), jnp.inf)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation, infinite where the tail is too heavy."""
        a = self.concentration
        return jnp.where(a > 2, self.rate**2 / ((a - 1) ** 2 * (a - 2)), jnp.inf)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        return 1 / self.base_dist.rsample(sample_shape, rngs=rngs)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return self.base_dist.log_prob(1 / value) - 2 * jnp.log(value)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return 1 - self.base_dist.cdf(1 / value)

    def entropy(self) -> Array:
        """The differential entropy."""
        a = self.concentration
        return a + jnp.log(self.rate) + special.gammaln(a) - (1 + a) * special.digamma(a)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, InverseGamma):
            return super().kl_divergence(other)
        return self.base_dist.kl_divergence(other.base_dist)


@torch_api("torch.distributions.Dirichlet")
class Dirichlet(Distribution):
    """The distribution of positive vectors with sum 1."""

    has_rsample = True

    def __init__(self, concentration: Array, validate_args: bool | None = None):
        self.concentration = concentration

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters without the last axis."""
        return self.concentration.shape[:-1]

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The length of one vector."""
        return self.concentration.shape[-1:]

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.concentration / self.concentration.sum(-1, keepdims=True)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        excess = jnp.maximum(self.concentration - 1, 0)
        mode = excess / excess.sum(-1, keepdims=True)
        corner = jax.nn.one_hot(mode.argmax(-1), mode.shape[-1], dtype=mode.dtype)
        is_corner = (self.concentration < 1).all(-1, keepdims=True)
        return jnp.where(is_corner, corner, mode)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        total = self.concentration.sum(-1, keepdims=True)
        return self.mean * (1 - self.mean) / (total + 1)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape = (*sample_shape, *self.batch_shape)
        return jax.random.dirichlet(rngs(), self.concentration, shape, self.concentration.dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return special.xlogy(self.concentration - 1, value).sum(-1) - self._log_normalizer()

    def entropy(self) -> Array:
        """The differential entropy."""
        a = self.concentration
        size, total = a.shape[-1], a.sum(-1)
        return (
            self._log_normalizer()
            - (size - total) * special.digamma(total)
            - ((a - 1) * special.digamma(a)).sum(-1)
        )

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Dirichlet):
            return super().kl_divergence(other)
        a, b = self.concentration, other.concentration
        expected = special.digamma(a) - special.digamma(a.sum(-1, keepdims=True))
        return other._log_normalizer() - self._log_normalizer() + ((a - b) * expected).sum(-1)

    def _log_normalizer(self) -> Array:
        return special.gammaln(self.concentration).sum(-1) - special.gammaln(
            self.concentration.sum(-1)
        )
