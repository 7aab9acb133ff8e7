"""torch.distributions: differentiable relaxations of choices."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .distributions import Distribution, clamp_probs
from .distributions_bernoulli import Trials
from .distributions_categorical import Choice
from .distributions_transforms import clamp_unit


@torch_api("torch.distributions.RelaxedBernoulli")
class RelaxedBernoulli(Trials):
    """Numbers in (0, 1), the nearer to the ends the lower the ``temperature``."""

    has_rsample = True

    def __init__(
        self,
        temperature: Array | float,
        probs: Array | float | None = None,
        logits: Array | float | None = None,
        validate_args: bool | None = None,
    ):
        self._set_odds(probs, logits)
        self.temperature = temperature

    def expand(self, batch_shape: Sequence[int]) -> Distribution:
        """The same distributions, broadcast to a larger batch."""
        return type(self)(self.temperature, logits=jnp.broadcast_to(self.logits, batch_shape))

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, dtype = self._extended_shape(sample_shape), self.probs.dtype
        u = clamp_probs(jax.random.uniform(rngs(), shape, dtype))
        p = clamp_probs(self.probs)
        odds = jnp.log(u) - jnp.log1p(-u) + jnp.log(p) - jnp.log1p(-p)
        return clamp_unit(jax.nn.sigmoid(odds / self.temperature))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        value = clamp_unit(value)
        odds = jnp.log(value) - jnp.log1p(-value)
        distance = self.logits - odds * self.temperature
        density = jnp.log(self.temperature) + distance - 2 * jax.nn.softplus(distance)
        return density - jnp.log(value) - jnp.log1p(-value)


@torch_api("torch.distributions.RelaxedOneHotCategorical")
class RelaxedOneHotCategorical(Choice):
    """Positive vectors with sum 1, the nearer to one-hot the lower the ``temperature``."""

    has_rsample = True

    def __init__(
        self,
        temperature: Array | float,
        probs: Array | None = None,
        logits: Array | None = None,
        validate_args: bool | None = None,
    ):
        super().__init__(probs, logits)
        self.temperature = temperature

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The number of categories."""
        return self.probs.shape[-1:]

    def expand(self, batch_shape: Sequence[int]) -> Distribution:
        """The same distributions, broadcast to a larger batch."""
        logits = jnp.broadcast_to(self.logits, (*batch_shape, *self.event_shape))
        return type(self)(self.temperature, logits=logits)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        shape, dtype = self._extended_shape(sample_shape), self.logits.dtype
        u = clamp_probs(jax.random.uniform(rngs(), shape, dtype))
        scores = (self.logits - jnp.log(-jnp.log(u))) / self.temperature
        return jax.nn.softmax(scores)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        size, logs = value.shape[-1], jnp.log(value)
        scores = jax.nn.log_softmax(self.logits - logs * self.temperature)
        constant = jax.scipy.special.gammaln(float(size))
        constant += (size - 1) * jnp.log(self.temperature)
        return constant + (scores - logs).sum(-1)
