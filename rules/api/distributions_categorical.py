"""torch.distributions: choices among categories."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .distributions import Distribution, broadcast_parameters, clamp_probs


class Choice(Distribution):
    """A choice whose probabilities or unnormalised ``logits`` are along the last axis."""

    def __init__(
        self,
        probs: Array | None = None,
        logits: Array | None = None,
        validate_args: bool | None = None,
    ):
        if logits is None:
            (weights,) = broadcast_parameters(probs)
            self.probs = weights / weights.sum(-1, keepdims=True)
            self.logits = jnp.log(clamp_probs(self.probs))
        else:
            self.logits = jax.nn.log_softmax(logits)
            self.probs = jax.nn.softmax(self.logits)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters without the last axis."""
        return self.probs.shape[:-1]

    @property
    def param_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self.probs.shape

    def entropy(self) -> Array:
        """The entropy."""
        logits = jnp.maximum(self.logits, jnp.finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def _divergence(self, other: "Choice") -> Array:
        terms = self.probs * (self.logits - other.logits)
        terms = jnp.where(other.probs == 0, jnp.inf, terms)
        return jnp.where(self.probs == 0, 0, terms).sum(-1)

    def _draw(self, sample_shape: Sequence[int], rngs: nnx.Rngs) -> Array:
        shape = (*sample_shape, *self.batch_shape)
        return jax.random.categorical(rngs(), jnp.log(self.probs), shape=shape)


@torch_api("torch.distributions.Categorical")
class Categorical(Choice):
    """The number of a category."""

    @property
    def mean(self) -> Array:
        """There is no expected value."""
        return jnp.full(self.batch_shape, jnp.nan, self.probs.dtype)

    @property
    def mode(self) -> Array:
        """The most probable category."""
        return self.probs.argmax(-1)

    @property
    def variance(self) -> Array:
        """There is no variance."""
        return jnp.full(self.batch_shape, jnp.nan, self.probs.dtype)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        return self._draw(sample_shape, rngs)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of the category ``value``."""
        value = jnp.asarray(value, int)[..., None]
        shape = jnp.broadcast_shapes(value.shape[:-1], self.batch_shape)
        value = jnp.broadcast_to(value, (*shape, 1))
        logits = jnp.broadcast_to(self.logits, (*shape, self.logits.shape[-1]))
        return jnp.take_along_axis(logits, value, axis=-1)[..., 0]

    def enumerate_support(self, expand: bool = True) -> Array:
        """All categories along a new first axis."""
        count, shape = self.probs.shape[-1], self.batch_shape
        categories = jnp.arange(count).reshape(count, *(1,) * len(shape))
        return jnp.broadcast_to(categories, (count, *shape)) if expand else categories

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Categorical):
            return super().kl_divergence(other)
        return self._divergence(other)


@torch_api("torch.distributions.OneHotCategorical")
class OneHotCategorical(Choice):
    """A category as a vector with a one at its place."""

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The number of categories."""
        return self.probs.shape[-1:]

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.probs

    @property
    def mode(self) -> Array:
        """The most probable category."""
        return self._one_hot(self.probs.argmax(-1))

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        return self._one_hot(self._draw(sample_shape, rngs))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of the category at the one in ``value``."""
        is_chosen = jax.nn.one_hot(value.argmax(-1), value.shape[-1], dtype=bool)
        return jnp.where(is_chosen, self.logits, 0).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Array:
        """All categories along a new first axis."""
        count, shape = self.probs.shape[-1], self.batch_shape
        categories = jnp.eye(count, dtype=self.probs.dtype)
        categories = categories.reshape(count, *(1,) * len(shape), count)
        return jnp.broadcast_to(categories, (count, *shape, count)) if expand else categories

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, OneHotCategorical):
            return super().kl_divergence(other)
        return self._divergence(other)

    def _one_hot(self, category: Array) -> Array:
        return jax.nn.one_hot(category, self.probs.shape[-1], dtype=self.probs.dtype)


@torch_api("torch.distributions.OneHotCategoricalStraightThrough")
class OneHotCategoricalStraightThrough(OneHotCategorical):
    """A one-hot vector whose gradient is that of the probabilities."""

    has_rsample = True

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        sample = self.sample(sample_shape, rngs=rngs)
        return sample + (self.probs - lax.stop_gradient(self.probs))


@torch_api("torch.distributions.Multinomial")
class Multinomial(Choice):
    """How often each category is chosen in ``total_count`` draws."""

    def __init__(
        self,
        total_count: int = 1,
        probs: Array | None = None,
        logits: Array | None = None,
        validate_args: bool | None = None,
    ):
        super().__init__(probs, logits)
        self.total_count = total_count

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The number of categories."""
        return self.probs.shape[-1:]

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.total_count * self.probs

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        chosen = self._draw((self.total_count, *sample_shape), rngs)
        return jax.nn.one_hot(chosen, self.probs.shape[-1], dtype=self.probs.dtype).sum(0)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the probability of the counts ``value``."""
        gammaln = jax.scipy.special.gammaln
        ways = gammaln(value.sum(-1) + 1) - gammaln(value + 1).sum(-1)
        return ways + jnp.where(value == 0, 0, self.logits * value).sum(-1)

    def entropy(self) -> Array:
        """The entropy."""
        n, gammaln = self.total_count, jax.scipy.special.gammaln
        counts = jnp.arange(1, n + 1, dtype=self.probs.dtype)
        p = self.probs[..., None]
        log_ways = gammaln(n + 1.0) - gammaln(counts + 1) - gammaln(n - counts + 1)
        chances = jnp.exp(
            log_ways
            + jax.scipy.special.xlogy(counts, p)
            + jax.scipy.special.xlog1py(n - counts, -p)
        )
        spread = (chances * gammaln(counts + 1)).sum((-1, -2))
        return n * super().entropy() - gammaln(n + 1.0) + spread
