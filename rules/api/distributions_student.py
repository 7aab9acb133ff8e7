"""torch.distributions: Student's t and Fisher's F distributions."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters
from .distributions_gamma import Chi2, Gamma


@torch_api("torch.distributions.StudentT")
class StudentT(Distribution):
    """Student's t distribution with ``df`` degrees of freedom."""

    has_rsample = True

    def __init__(
        self,
        df: Array | float,
        loc: Array | float = 0.0,
        scale: Array | float = 1.0,
        validate_args: bool | None = None,
    ):
        self.df, self.loc, self.scale = broadcast_parameters(df, loc, scale)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.df.shape

    @property
    def mean(self) -> Array:
        """The expected value, where there is one."""
        return jnp.where(self.df > 1, self.loc, jnp.nan)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.loc

    @property
    def variance(self) -> Array:
        """The square of the standard deviation, where there is one."""
        heavy = jnp.where(self.df > 1, jnp.inf, jnp.nan)
        return jnp.where(self.df > 2, self.scale**2 * self.df / (self.df - 2), heavy)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        noise = jax.random.normal(rngs(), self._extended_shape(sample_shape), self.df.dtype)
        squares = Chi2(self.df).rsample(sample_shape, rngs=rngs)
        return self.loc + self.scale * noise * jnp.sqrt(self.df / squares)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        standard = (value - self.loc) / self.scale
        return (
            -0.5 * (self.df + 1) * jnp.log1p(standard**2 / self.df)
            - jnp.log(self.scale)
            - self._log_normalizer()
        )

    def entropy(self) -> Array:
        """The differential entropy."""
        half = self.df / 2
        expected = special.digamma(half + 0.5) - special.digamma(half)
        return jnp.log(self.scale) + (half + 0.5) * expected + self._log_normalizer()

    def _log_normalizer(self) -> Array:
        half = self.df / 2
        ratio = special.gammaln(half) - special.gammaln(half + 0.5)
        return 0.5 * jnp.log(self.df) + 0.5 * math.log(math.pi) + ratio


@torch_api("torch.distributions.FisherSnedecor")
class FisherSnedecor(Distribution):
    """The distribution of the ratio of two mean squares with ``df1`` and ``df2`` terms."""

    has_rsample = True

    def __init__(self, df1: Array | float, df2: Array | float, validate_args: bool | None = None):
        self.df1, self.df2 = broadcast_parameters(df1, df2)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.df1.shape

    @property
    def mean(self) -> Array:
        """The expected value, where there is one."""
        return jnp.where(self.df2 > 2, self.df2 / (self.df2 - 2), jnp.nan)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        mode = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        return jnp.where(self.df1 > 2, mode, jnp.nan)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation, where there is one."""
        m, n = self.df1, self.df2
        variance = 2 * n**2 * (m + n - 2) / (m * (n - 2) ** 2 * (n - 4))
        return jnp.where(n > 4, variance, jnp.nan)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        above = Gamma(self.df1 / 2, self.df1).rsample(sample_shape, rngs=rngs)
        below = Gamma(self.df2 / 2, self.df2).rsample(sample_shape, rngs=rngs)
        return above / below

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        a, b, ratio = self.df1 / 2, self.df2 / 2, self.df1 / self.df2
        return (
            a * jnp.log(ratio)
            + (a - 1) * jnp.log(value)
            - (a + b) * jnp.log1p(ratio * value)
            - special.betaln(a, b)
        )
