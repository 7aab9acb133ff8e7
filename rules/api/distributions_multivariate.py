"""torch.distributions: the multivariate normal distribution."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .distributions import Distribution


class Gaussian(Distribution):
    """A multivariate normal distribution with mean ``loc`` and any form of covariance."""

    has_rsample = True

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the mean without the last axis."""
        return self.loc.shape[:-1]

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The length of one vector."""
        return self.loc.shape[-1:]

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.loc

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.loc

    @property
    def covariance_matrix(self) -> Array:
        """The covariances."""
        return self.scale_tril @ self.scale_tril.mT

    @property
    def precision_matrix(self) -> Array:
        """The inverse of the covariances."""
        identity = jnp.eye(self.loc.shape[-1], dtype=self.loc.dtype)
        inverse = _solve(self.scale_tril, jnp.broadcast_to(identity, self.scale_tril.shape))
        return inverse.mT @ inverse

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        difference = value - self.loc
        shape = (*difference.shape[:-1], *self.scale_tril.shape[-2:])
        factor = jnp.broadcast_to(self.scale_tril, shape)
        standard = _solve(factor, difference[..., None])[..., 0]
        constant = self.loc.shape[-1] * math.log(2 * math.pi)
        return -0.5 * (constant + (standard**2).sum(-1)) - self._half_log_det()

    def entropy(self) -> Array:
        """The differential entropy."""
        constant = self.loc.shape[-1] * (1 + math.log(2 * math.pi))
        return 0.5 * constant + self._half_log_det()

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Gaussian):
            return super().kl_divergence(other)
        own, factor = jnp.broadcast_arrays(self.scale_tril, other.scale_tril)
        difference = (other.loc - self.loc)[..., None]
        spread = (_solve(factor, own) ** 2).sum((-1, -2))
        distance = (_solve(factor, difference) ** 2).sum((-1, -2))
        log_ratio = other._half_log_det() - self._half_log_det()
        return log_ratio + 0.5 * (spread + distance - self.loc.shape[-1])

    def _half_log_det(self) -> Array:
        return jnp.log(jnp.diagonal(self.scale_tril, axis1=-2, axis2=-1)).sum(-1)


@torch_api("torch.distributions.MultivariateNormal")
class MultivariateNormal(Gaussian):
    """The multivariate normal distribution; ``scale_tril`` is the covariance's Cholesky factor."""

    def __init__(
        self,
        loc: Array,
        covariance_matrix: Array | None = None,
        precision_matrix: Array | None = None,
        scale_tril: Array | None = None,
        validate_args: bool | None = None,
    ):
        if covariance_matrix is not None:
            scale_tril = jnp.linalg.cholesky(covariance_matrix)
        elif precision_matrix is not None:
            scale_tril = jnp.linalg.cholesky(jnp.linalg.inv(precision_matrix))
        size = scale_tril.shape[-1]
        batch = jnp.broadcast_shapes(loc.shape[:-1], scale_tril.shape[:-2])
        self.loc = jnp.broadcast_to(loc, (*batch, size))
        self.scale_tril = jnp.broadcast_to(scale_tril, (*batch, size, size))

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return (self.scale_tril**2).sum(-1)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        noise = jax.random.normal(rngs(), (*sample_shape, *self.loc.shape), self.loc.dtype)
        return self.loc + (self.scale_tril @ noise[..., None])[..., 0]


@torch_api("torch.distributions.LowRankMultivariateNormal")
class LowRankMultivariateNormal(Gaussian):
    """The normal distribution with covariance ``cov_factor @ cov_factor.T + diag(cov_diag)``."""

    def __init__(
        self,
        loc: Array,
        cov_factor: Array,
        cov_diag: Array,
        validate_args: bool | None = None,
    ):
        size, rank = cov_factor.shape[-2:]
        batch = jnp.broadcast_shapes(loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1])
        self.loc = jnp.broadcast_to(loc, (*batch, size))
        self.cov_factor = jnp.broadcast_to(cov_factor, (*batch, size, rank))
        self.cov_diag = jnp.broadcast_to(cov_diag, (*batch, size))

    @property
    def covariance_matrix(self) -> Array:
        """The covariances."""
        identity = jnp.eye(self.loc.shape[-1], dtype=self.loc.dtype)
        return self.cov_factor @ self.cov_factor.mT + self.cov_diag[..., None] * identity

    @property
    def scale_tril(self) -> Array:
        """The Cholesky factor of the covariances."""
        return jnp.linalg.cholesky(self.covariance_matrix)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return (self.cov_factor**2).sum(-1) + self.cov_diag

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        rank, dtype = self.cov_factor.shape[-1], self.loc.dtype
        common = jax.random.normal(rngs(), (*sample_shape, *self.batch_shape, rank), dtype)
        own = jax.random.normal(rngs(), (*sample_shape, *self.loc.shape), dtype)
        shared = (self.cov_factor @ common[..., None])[..., 0]
        return self.loc + shared + jnp.sqrt(self.cov_diag) * own


def _solve(factor: Array, x: Array) -> Array:
    """The solution of ``factor @ y = x`` for lower triangular factors."""
    batch = jnp.broadcast_shapes(factor.shape[:-2], x.shape[:-2])
    factor = jnp.broadcast_to(factor, (*batch, *factor.shape[-2:]))
    x = jnp.broadcast_to(x, (*batch, *x.shape[-2:]))
    return jax.lax.linalg.triangular_solve(factor, x, left_side=True, lower=True)
