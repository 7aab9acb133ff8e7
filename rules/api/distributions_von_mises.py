"""torch.distributions: the von Mises distribution of angles."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters


@torch_api("torch.distributions.VonMises")
class VonMises(Distribution):
    """The von Mises distribution of angles in [-pi, pi)."""

    def __init__(
        self,
        loc: Array | float,
        concentration: Array | float,
        validate_args: bool | None = None,
    ):
        self.loc, self.concentration = broadcast_parameters(loc, concentration)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.loc.shape

    @property
    def mean(self) -> Array:
        """The circular mean."""
        return self.loc

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.loc

    @property
    def variance(self) -> Array:
        """The circular variance."""
        return 1 - special.i1e(self.concentration) / special.i0e(self.concentration)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient, by rejection from a wrapped Cauchy distribution."""
        shape, dtype = self._extended_shape(sample_shape), self.loc.dtype
        kappa = self.concentration
        r = 1 + jnp.sqrt(1 + 4 * kappa**2)
        rho = (r - jnp.sqrt(2 * r)) / (2 * kappa)
        s = jnp.where(kappa < 1e-3, 1 / kappa + kappa, (1 + rho**2) / (2 * rho))

        def draw(state: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            key, angle, is_done = state
            key, now = jax.random.split(key)
            u1, u2, u3 = jax.random.uniform(now, (3, *shape), dtype)
            z = jnp.cos(math.pi * u1)
            f = (1 + s * z) / (s + z)
            c = kappa * (s - f)
            accepted = (c * (2 - c) > u2) | (jnp.log(c / u2) + 1 >= c)
            drawn = jnp.sign(u3 - 0.5) * jnp.arccos(jnp.clip(f, -1, 1))
            return key, jnp.where(is_done, angle, drawn), is_done | accepted

        start = rngs(), jnp.zeros(shape, dtype), jnp.zeros(shape, bool)
        _, angle, _ = lax.while_loop(lambda state: ~state[2].all(), draw, start)
        return (angle + self.loc + math.pi) % (2 * math.pi) - math.pi

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        normalizer = math.log(2 * math.pi) + jnp.log(special.i0e(self.concentration))
        return self.concentration * (jnp.cos(value - self.loc) - 1) - normalizer
