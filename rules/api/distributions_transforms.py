"""torch.distributions.transforms: invertible functions with the logarithm of their slope."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api

from .distributions import ArrayContainer, sum_last


@torch_api("torch.distributions.Transform")
class Transform(ArrayContainer):
    """An invertible function; ``event_dim`` counts the last axes that it does not treat alone."""

    event_dim = 0
    sign: Array | int = 1

    def __init__(self, cache_size: int = 0):
        pass

    def __call__(self, x: Array) -> Array:
        """The function."""
        return self._call(x)

    @property
    def inv(self) -> "Transform":
        """The inverse function."""
        return InverseTransform(self)


class InverseTransform(Transform):
    """The inverse of a transform."""

    def __init__(self, forward: Transform):
        self.forward = forward

    @property
    def inv(self) -> Transform:
        """The transform itself."""
        return self.forward

    @property
    def sign(self) -> Array | int:
        """1 for a rising function, -1 for a falling one."""
        return self.forward.sign

    @property
    def event_dim(self) -> int:
        """The number of axes of one value."""
        return self.forward.event_dim

    def _call(self, x: Array) -> Array:
        return self.forward._inverse(x)

    def _inverse(self, y: Array) -> Array:
        return self.forward._call(y)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return -self.forward.log_abs_det_jacobian(y, x)


@torch_api("torch.distributions.AffineTransform")
class AffineTransform(Transform):
    """``loc + scale * x``."""

    def __init__(
        self,
        loc: Array | float,
        scale: Array | float,
        event_dim: int = 0,
        cache_size: int = 0,
    ):
        self.loc, self.scale, self.event_dim = loc, scale, event_dim

    @property
    def sign(self) -> Array:
        """1 for a rising function, -1 for a falling one."""
        return jnp.sign(self.scale)

    def _call(self, x: Array) -> Array:
        return self.loc + self.scale * x

    def _inverse(self, y: Array) -> Array:
        return (y - self.loc) / self.scale

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        slope = jnp.broadcast_to(jnp.log(jnp.abs(self.scale)), x.shape)
        return sum_last(slope, self.event_dim)


@torch_api("torch.distributions.ExpTransform")
class ExpTransform(Transform):
    """``exp(x)``."""

    def _call(self, x: Array) -> Array:
        return jnp.exp(x)

    def _inverse(self, y: Array) -> Array:
        return jnp.log(y)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return x


@torch_api("torch.distributions.PowerTransform")
class PowerTransform(Transform):
    """``x ** exponent`` of positive numbers."""

    def __init__(self, exponent: Array | float, cache_size: int = 0):
        self.exponent = exponent

    @property
    def sign(self) -> Array:
        """1 for a rising function, -1 for a falling one."""
        return jnp.sign(self.exponent)

    def _call(self, x: Array) -> Array:
        return x**self.exponent

    def _inverse(self, y: Array) -> Array:
        return y ** (1 / self.exponent)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return jnp.log(jnp.abs(self.exponent * y / x))


@torch_api("torch.distributions.SigmoidTransform")
class SigmoidTransform(Transform):
    """``1 / (1 + exp(-x))``."""

    def _call(self, x: Array) -> Array:
        return clamp_unit(jax.nn.sigmoid(x))

    def _inverse(self, y: Array) -> Array:
        y = clamp_unit(y)
        return jnp.log(y) - jnp.log1p(-y)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return -jax.nn.softplus(-x) - jax.nn.softplus(x)


@torch_api("torch.distributions.TanhTransform")
class TanhTransform(Transform):
    """``tanh(x)``."""

    def _call(self, x: Array) -> Array:
        return jnp.tanh(x)

    def _inverse(self, y: Array) -> Array:
        return jnp.arctanh(y)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return 2 * (math.log(2) - x - jax.nn.softplus(-2 * x))


@torch_api("torch.distributions.SoftplusTransform")
class SoftplusTransform(Transform):
    """``log(1 + exp(x))``."""

    def _call(self, x: Array) -> Array:
        return jax.nn.softplus(x)

    def _inverse(self, y: Array) -> Array:
        return jnp.log(-jnp.expm1(-y)) + y

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        return -jax.nn.softplus(-x)


@torch_api("torch.distributions.ComposeTransform")
class ComposeTransform(Transform):
    """Several transforms, one after the other."""

    def __init__(self, parts: Sequence[Transform], cache_size: int = 0):
        self.parts = list(parts)

    @property
    def sign(self) -> Array | int:
        """1 for a rising function, -1 for a falling one."""
        return math.prod(part.sign for part in self.parts)

    @property
    def event_dim(self) -> int:
        """The number of axes of one value."""
        return max((part.event_dim for part in self.parts), default=0)

    def _call(self, x: Array) -> Array:
        for part in self.parts:
            x = part(x)
        return x

    def _inverse(self, y: Array) -> Array:
        for part in self.parts[::-1]:
            y = part.inv(y)
        return y

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        total = jnp.zeros(x.shape[: x.ndim - self.event_dim], x.dtype)
        for part in self.parts:
            y = part(x)
            slope = part.log_abs_det_jacobian(x, y)
            total += sum_last(slope, self.event_dim - part.event_dim)
            x = y
        return total


@torch_api("torch.distributions.IndependentTransform")
class IndependentTransform(Transform):
    """A transform of which ``reinterpreted_batch_ndims`` more last axes belong to one value."""

    def __init__(
        self, base_transform: Transform, reinterpreted_batch_ndims: int, cache_size: int = 0
    ):
        self.base_transform = base_transform
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def sign(self) -> Array | int:
        """1 for a rising function, -1 for a falling one."""
        return self.base_transform.sign

    @property
    def event_dim(self) -> int:
        """The number of axes of one value."""
        return self.base_transform.event_dim + self.reinterpreted_batch_ndims

    def _call(self, x: Array) -> Array:
        return self.base_transform(x)

    def _inverse(self, y: Array) -> Array:
        return self.base_transform.inv(y)

    def log_abs_det_jacobian(self, x: Array, y: Array) -> Array:
        """The logarithm of the slope at ``x``, where the function is ``y``."""
        slope = self.base_transform.log_abs_det_jacobian(x, y)
        return sum_last(slope, self.reinterpreted_batch_ndims)


def clamp_unit(x: Array) -> Array:
    """Numbers strictly between 0 and 1."""
    limits = jnp.finfo(x.dtype)
    return jnp.clip(x, limits.tiny, 1 - limits.eps)
