"""torch.distributions: trials with two outcomes, and numbers of them."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jax.scipy import special

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters, clamp_probs


class Trials(Distribution):
    """A distribution that is given by the ``probs`` of success or their ``logits`` (log odds)."""

    def _set_odds(self, probs: Array | float | None, logits: Array | float | None) -> None:
        if logits is None:
            (self.probs,) = broadcast_parameters(probs)
            clamped = clamp_probs(self.probs)
            self.logits = jnp.log(clamped) - jnp.log1p(-clamped)
        else:
            (self.logits,) = broadcast_parameters(logits)
            self.probs = jax.nn.sigmoid(self.logits)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.probs.shape

    @property
    def param_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.probs.shape


@torch_api("torch.distributions.Bernoulli")
class Bernoulli(Trials):
    """One with probability ``probs``, else zero."""

    def __init__(
        self,
        probs: Array | float | None = None,
        logits: Array | float | None = None,
        validate_args: bool | None = None,
    ):
        self._set_odds(probs, logits)

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.probs

    @property
    def mode(self) -> Array:
        """The more probable outcome, where there is one."""
        return jnp.where(self.probs == 0.5, jnp.nan, (self.probs > 0.5).astype(self.probs.dtype))

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        shape = (*sample_shape, *self.probs.shape)
        return jax.random.bernoulli(rngs(), self.probs, shape).astype(self.probs.dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of ``value``."""
        return value * self.logits - jax.nn.softplus(self.logits)

    def entropy(self) -> Array:
        """The entropy."""
        return jax.nn.softplus(self.logits) - self.probs * self.logits

    def enumerate_support(self, expand: bool = True) -> Array:
        """Both outcomes along a new first axis."""
        outcomes = jnp.arange(2, dtype=self.probs.dtype).reshape(2, *(1,) * self.probs.ndim)
        return jnp.broadcast_to(outcomes, (2, *self.probs.shape)) if expand else outcomes

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Bernoulli):
            return super().kl_divergence(other)
        p, q, soft = self.probs, other.probs, jax.nn.softplus
        success = p * (soft(-other.logits) - soft(-self.logits))
        failure = (1 - p) * (soft(other.logits) - soft(self.logits))
        success = jnp.where(p == 0, 0, jnp.where(q == 0, jnp.inf, success))
        failure = jnp.where(p == 1, 0, jnp.where(q == 1, jnp.inf, failure))
        return success + failure


@torch_api("torch.distributions.Geometric")
class Geometric(Trials):
    """The number of failures before the first success."""

    def __init__(
        self,
        probs: Array | float | None = None,
        logits: Array | float | None = None,
        validate_args: bool | None = None,
    ):
        self._set_odds(probs, logits)

    @property
    def mean(self) -> Array:
        """The expected value."""
        return 1 / self.probs - 1

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.zeros_like(self.probs)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return (1 / self.probs - 1) / self.probs

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        shape, dtype = self._extended_shape(sample_shape), self.probs.dtype
        u = jax.random.uniform(rngs(), shape, dtype, minval=jnp.finfo(dtype).tiny)
        return jax.lax.stop_gradient(jnp.floor(jnp.log(u) / jnp.log1p(-self.probs)))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of ``value``."""
        return special.xlog1py(value, -self.probs) + jnp.log(self.probs)

    def entropy(self) -> Array:
        """The entropy."""
        return (jax.nn.softplus(self.logits) - self.probs * self.logits) / self.probs

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Geometric):
            return super().kl_divergence(other)
        tail = jnp.log1p(-other.probs) / self.probs
        return -self.entropy() - tail - other.logits


@torch_api("torch.distributions.Binomial")
class Binomial(Trials):
    """The number of successes among ``total_count`` trials."""

    def __init__(
        self,
        total_count: Array | int = 1,
        probs: Array | float | None = None,
        logits: Array | float | None = None,
        validate_args: bool | None = None,
    ):
        self._set_odds(probs, logits)
        self.total_count, self.probs, self.logits = broadcast_parameters(
            total_count, self.probs, self.logits
        )

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.total_count * self.probs

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.minimum(jnp.floor((self.total_count + 1) * self.probs), self.total_count)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        shape, dtype = self._extended_shape(sample_shape), self.probs.dtype
        return jax.random.binomial(rngs(), self.total_count, self.probs, shape, dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of ``value``."""
        n, gammaln = self.total_count, special.gammaln
        ways = gammaln(n + 1) - gammaln(value + 1) - gammaln(n - value + 1)
        return ways + value * self.logits - n * jax.nn.softplus(self.logits)

    def entropy(self) -> Array:
        """The entropy, of equal numbers of trials."""
        support = self.enumerate_support(expand=False)
        log_probs = self.log_prob(support)
        return -(jnp.exp(log_probs) * log_probs).sum(0)

    def enumerate_support(self, expand: bool = True) -> Array:
        """All outcomes along a new first axis, of equal numbers of trials."""
        count, shape = int(self.total_count.max()), self.probs.shape
        if int(self.total_count.min()) != count:
            raise NotImplementedError("the number of trials differs over the batch")
        outcomes = jnp.arange(count + 1, dtype=self.probs.dtype)
        outcomes = outcomes.reshape(-1, *(1,) * len(shape))
        return jnp.broadcast_to(outcomes, (count + 1, *shape)) if expand else outcomes

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other``, with as many trials, from this one."""
        if not isinstance(other, Binomial):
            return super().kl_divergence(other)
        success = self.probs * (self.logits - other.logits)
        failure = jnp.log1p(-self.probs) - jnp.log1p(-other.probs)
        return jnp.where(
            self.total_count > other.total_count, jnp.inf, self.total_count * (success + failure)
        )


@torch_api("torch.distributions.NegativeBinomial")
class NegativeBinomial(Trials):
    """The number of successes before ``total_count`` failures."""

    def __init__(
        self,
        total_count: Array | float,
        probs: Array | float | None = None,
        logits: Array | float | None = None,
        validate_args: bool | None = None,
    ):
        self._set_odds(probs, logits)
        self.total_count, self.probs, self.logits = broadcast_parameters(
            total_count, self.probs, self.logits
        )

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.total_count * jnp.exp(self.logits)

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return jnp.maximum(jnp.floor((self.total_count - 1) * jnp.exp(self.logits)), 0)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.mean / jax.nn.sigmoid(-self.logits)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        shape, dtype = self._extended_shape(sample_shape), self.probs.dtype
        rate = jax.random.gamma(rngs(), self.total_count, shape, dtype) * jnp.exp(self.logits)
        return jax.random.poisson(rngs(), rate, shape).astype(dtype)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of ``value``."""
        n, gammaln = self.total_count, special.gammaln
        ways = gammaln(n + value) - gammaln(value + 1) - gammaln(n)
        return ways + n * jax.nn.log_sigmoid(-self.logits) + value * jax.nn.log_sigmoid(self.logits)
