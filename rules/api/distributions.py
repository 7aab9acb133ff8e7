"""torch.distributions: what all distributions have in common."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api


class ArrayContainer:
    """Base of classes whose objects `jax.jit`, `jax.vmap` and others take and return."""

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        nnx.register_data_type(jax.tree_util.register_pytree_node_class(cls))

    def tree_flatten(self) -> tuple[Any, Any]:
        """Arrays are what JAX transforms; numbers of axes and trials, names and such are not."""
        static = {k: v for k, v in vars(self).items() if _is_static(v)}
        arrays = {k: v for k, v in vars(self).items() if k not in static}
        return tuple(arrays.values()), (tuple(arrays), tuple(static.items()))

    @classmethod
    def tree_unflatten(cls, static: Any, arrays: Any) -> "ArrayContainer":
        """The inverse of `tree_flatten`."""
        self = object.__new__(cls)
        names, rest = static
        vars(self).update(zip(names, arrays, strict=True))
        vars(self).update(rest)
        return self


def _is_static(value: Any) -> bool:
    return all(isinstance(leaf, (int, str)) or callable(leaf) for leaf in jax.tree.leaves(value))


@torch_api("torch.distributions.Distribution", "torch.distributions.ExponentialFamily")
class Distribution(ArrayContainer):
    """A distribution of arrays of ``event_shape``, one for each place of ``batch_shape``."""

    has_rsample = False

    def __init__(
        self,
        batch_shape: Sequence[int] = (),
        event_shape: Sequence[int] = (),
        validate_args: bool | None = None,
    ):
        self._batch_shape, self._event_shape = tuple(batch_shape), tuple(event_shape)

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The shape of the parameters."""
        return self._batch_shape

    @property
    def event_shape(self) -> tuple[int, ...]:
        """The shape of one sample of one distribution."""
        return getattr(self, "_event_shape", ())

    @property
    def stddev(self) -> Array:
        """The standard deviation."""
        return jnp.sqrt(self.variance)

    def rsample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples that depend differentiably on the parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no differentiable samples")

    def sample(self, sample_shape: Sequence[int] = (), *, rngs: nnx.Rngs) -> Array:
        """Samples without gradient."""
        return lax.stop_gradient(self.rsample(sample_shape, rngs=rngs))

    def perplexity(self) -> Array:
        """The exponential of the entropy."""
        return jnp.exp(self.entropy())

    def expand(self, batch_shape: Sequence[int]) -> "Distribution":
        """The same distributions, broadcast to a larger batch."""
        count = len(self.batch_shape)
        return jax.tree.map(
            lambda x: jnp.broadcast_to(x, (*batch_shape, *jnp.shape(x)[count:])), self
        )

    def kl_divergence(self, other: "Distribution") -> Array:
        """The Kullback-Leibler divergence of ``other`` from this distribution."""
        names = f"{type(self).__name__} and {type(other).__name__}"
        raise NotImplementedError(f"no closed form of the KL divergence is known of {names}")

    def _extended_shape(self, sample_shape: Sequence[int] = ()) -> tuple[int, ...]:
        return (*sample_shape, *self.batch_shape, *self.event_shape)


def broadcast_parameters(*parameters: Array | float) -> list[Array]:
    """The parameters as floating-point arrays of one shape."""
    dtype = jnp.result_type(float, *parameters)
    return jnp.broadcast_arrays(*(jnp.asarray(parameter, dtype) for parameter in parameters))


def sum_last(x: Array, count: int) -> Array:
    """The sum over the last ``count`` axes."""
    return jnp.sum(x, axis=tuple(range(-count, 0)))


def clamp_probs(probs: Array) -> Array:
    """Probabilities that have a finite logarithm, and whose complements have one."""
    eps = jnp.finfo(probs.dtype).eps
    return jnp.clip(probs, eps, 1 - eps)


@torch_api("torch.distributions.kl_divergence", "torch.distributions.kl.kl_divergence")
def kl_divergence(p: Distribution, q: Distribution) -> Array:
    """The Kullback-Leibler divergence of ``q`` from ``p``."""
    return p.kl_divergence(q)
