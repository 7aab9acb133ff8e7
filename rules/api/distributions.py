"""torch.distributions: densities and samples with explicit keys."""

import math

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.distributions.Normal", "torch.distributions.normal.Normal")
class Normal:
    """The normal distribution with mean ``loc`` and standard deviation ``scale``."""

    def __init__(self, loc: Array | float, scale: Array | float, validate_args: bool | None = None):
        self.loc, self.scale = jnp.broadcast_arrays(jnp.asarray(loc), jnp.asarray(scale))

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.loc

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return self.scale

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.scale**2

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        standard = (value - self.loc) / self.scale
        return -0.5 * standard**2 - jnp.log(self.scale) - 0.5 * math.log(2 * math.pi)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return 0.5 * (1 + lax.erf((value - self.loc) / (self.scale * math.sqrt(2))))

    def entropy(self) -> Array:
        """The differential entropy."""
        return 0.5 + 0.5 * math.log(2 * math.pi) + jnp.log(self.scale)


@torch_api("torch.distributions.Normal.rsample")
def rsample(self: Normal, sample_shape=(), *, rngs: nnx.Rngs) -> Array:
    """Samples that depend differentiably on the parameters."""
    shape = (*sample_shape, *self.loc.shape)
    return self.loc + self.scale * jax.random.normal(rngs(), shape, self.loc.dtype)


@torch_api("torch.distributions.Normal.sample")
def sample(self: Normal, sample_shape=(), *, rngs: nnx.Rngs) -> Array:
    """Samples without gradient."""
    return lax.stop_gradient(rsample(self, sample_shape, rngs=rngs))
