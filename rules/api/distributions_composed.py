"""torch.distributions: distributions made from others."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .distributions import Distribution, sum_last
from .distributions_categorical import Categorical
from .distributions_transforms import ComposeTransform, Transform


@torch_api("torch.distributions.Independent")
class Independent(Distribution):
    """Some of the last batch axes of a distribution taken as parts of one sample."""

    def __init__(
        self,
        base_distribution: Distribution,
        reinterpreted_batch_ndims: int,
        validate_args: bool | None = None,
    ):
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def has_rsample(self) -> bool:
        """Whether samples are differentiable."""
        return self.base_dist.has_rsample

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The other batch axes."""
        shape = self.base_dist.batch_shape
        return shape[: len(shape) - self.reinterpreted_batch_ndims]

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return (*self.base_dist.batch_shape, *self.base_dist.event_shape)[len(self.batch_shape) :]

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self.base_dist.mean

    @property
    def mode(self) -> Array:
        """The most probable value."""
        return self.base_dist.mode

    @property
    def variance(self) -> Array:
        """The square of the standard deviation."""
        return self.base_dist.variance

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        return self.base_dist.rsample(sample_shape, rngs=rngs)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        return self.base_dist.sample(sample_shape, rngs=rngs)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        return sum_last(self.base_dist.log_prob(value), self.reinterpreted_batch_ndims)

    def entropy(self) -> Array:
        """The entropy."""
        return sum_last(self.base_dist.entropy(), self.reinterpreted_batch_ndims)

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        if not isinstance(other, Independent):
            return super().kl_divergence(other)
        divergence = self.base_dist.kl_divergence(other.base_dist)
        return sum_last(divergence, self.reinterpreted_batch_ndims)


@torch_api("torch.distributions.MixtureSameFamily")
class MixtureSameFamily(Distribution):
    """A mixture of the last batch axis of a distribution."""

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ):
        self.mixture_distribution = mixture_distribution
        self.component_distribution = component_distribution

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the batch of mixtures."""
        return self.component_distribution.batch_shape[:-1]

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return self.component_distribution.event_shape

    @property
    def mean(self) -> Array:
        """The expected value."""
        return self._average(self.component_distribution.mean)

    @property
    def variance(self) -> Array:
        """The square of the standard deviation: within the components and between them."""
        component = self.component_distribution
        centre = jnp.expand_dims(self.mean, self._component_axis)
        return self._average(component.variance + (component.mean - centre) ** 2)

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        chosen = self.mixture_distribution.sample(sample_shape, rngs=rngs)
        draws = self.component_distribution.sample(sample_shape, rngs=rngs)
        axis = self._component_axis
        chosen = jnp.broadcast_to(chosen, (*sample_shape, *self.batch_shape))
        chosen = chosen.reshape(*chosen.shape, *(1,) * -axis)
        return jnp.take_along_axis(draws, chosen, axis=axis).squeeze(axis)

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        log_probs = self.component_distribution.log_prob(
            jnp.expand_dims(value, self._component_axis)
        )
        weights = jax.nn.log_softmax(self.mixture_distribution.logits)
        return jax.nn.logsumexp(log_probs + weights, axis=-1)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        below = self.component_distribution.cdf(jnp.expand_dims(value, self._component_axis))
        return (below * self.mixture_distribution.probs).sum(-1)

    @property
    def _component_axis(self) -> int:
        return -1 - len(self.event_shape)

    def _average(self, x: Array) -> Array:
        probs = self.mixture_distribution.probs
        weights = probs.reshape(*probs.shape, *(1,) * len(self.event_shape))
        return (weights * x).sum(self._component_axis)


@torch_api("torch.distributions.TransformedDistribution")
class TransformedDistribution(Distribution):
    """The distribution of transformed samples of another one."""

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | Sequence[Transform],
        validate_args: bool | None = None,
    ):
        self.base_dist = base_distribution
        self.transforms = [transforms] if isinstance(transforms, Transform) else list(transforms)

    @property
    def has_rsample(self) -> bool:
        """Whether samples are differentiable."""
        return self.base_dist.has_rsample

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The axes of a sample that are independent."""
        shape = self._sample_shape
        return shape[: len(shape) - self._event_dim]

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        shape = self._sample_shape
        return shape[len(shape) - self._event_dim :]

    def expand(self, batch_shape: Sequence[int]) -> Distribution:
        """The same distributions, broadcast to a larger batch."""
        base = self.base_dist
        inner = (*batch_shape, *self.event_shape)[: -len(base.event_shape) or None]
        return TransformedDistribution(base.expand(inner), self.transforms)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        return self._chain(self.base_dist.rsample(sample_shape, rngs=rngs))

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        return jax.lax.stop_gradient(self._chain(self.base_dist.sample(sample_shape, rngs=rngs)))

    def log_prob(self, value: Array) -> Array:
        """The logarithm of the density at ``value``."""
        x = self._chain.inv(value)
        density = self.base_dist.log_prob(x)
        density = sum_last(density, self._event_dim - len(self.base_dist.event_shape))
        slope = self._chain.log_abs_det_jacobian(x, value)
        return density - sum_last(slope, self._event_dim - self._chain.event_dim)

    def cdf(self, value: Array) -> Array:
        """The probability of less than ``value``."""
        return self._rising(self.base_dist.cdf(self._chain.inv(value)))

    def icdf(self, value: Array) -> Array:
        """The value below which a sample is with probability ``value``."""
        return self._chain(self.base_dist.icdf(self._rising(value)))

    def kl_divergence(self, other: Distribution) -> Array:
        """The Kullback-Leibler divergence of ``other``, which has the same transforms."""
        if not isinstance(other, TransformedDistribution):
            return super().kl_divergence(other)
        return self.base_dist.kl_divergence(other.base_dist)

    def _rising(self, probability: Array) -> Array:
        """The probability on the other side, where the transforms fall."""
        return self._chain.sign * (probability - 0.5) + 0.5

    @property
    def _chain(self) -> ComposeTransform:
        return ComposeTransform(self.transforms)

    @property
    def _sample_shape(self) -> tuple[int, ...]:
        base = (*self.base_dist.batch_shape, *self.base_dist.event_shape)
        return jax.eval_shape(self._chain, jax.ShapeDtypeStruct(base, float)).shape

    @property
    def _event_dim(self) -> int:
        return max(self._chain.event_dim, len(self.base_dist.event_shape))
