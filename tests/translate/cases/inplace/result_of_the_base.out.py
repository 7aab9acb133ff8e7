import functools
from collections.abc import Callable

import jax.numpy as jnp
from flax import nnx
from jax import Array


def l1_loss_layer(size_average=None, reduce=None, reduction="mean") -> Callable:
    """Absolute differences."""
    return functools.partial(l1_loss, size_average=size_average, reduce=reduce, reduction=reduction)


def l1_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean", weight=None
) -> Array:
    """Absolute differences."""
    if size_average is not None or reduce is not None:
        return reduced(jnp.abs(input - target), legacy_reduction(size_average, reduce))
    if weight is not None:
        return weighted_mean(jnp.abs(input - target), weight, reduction)
    if reduction == "none":
        return jnp.abs(input - target)
    if reduction == "sum":
        return jnp.sum(jnp.abs(input - target))
    return jnp.mean(jnp.abs(input - target))


def reduced(losses, reduction):
    """All losses, their sum or their mean."""
    if reduction == "none":
        return losses
    return jnp.sum(losses) if reduction == "sum" else jnp.mean(losses)


def weighted_mean(losses, weight, reduction):
    """Like `reduced`, for losses with one weight each; the mean is by total weight."""
    if reduction == "mean":
        return jnp.sum(losses * weight) / jnp.sum(weight)
    return reduced(losses * weight, reduction)


def legacy_reduction(size_average, reduce):
    """The reduction that the deprecated flags ask for."""
    if reduce is not None and not reduce:
        return "none"
    return "mean" if size_average is None or size_average else "sum"


def where_mask(x: Array, mask: Array, value) -> Array:
    """``x`` with ``value`` where ``mask`` holds; the mask covers the leading axes of ``x``."""
    return jnp.where(mask.reshape(mask.shape + (1,) * (x.ndim - mask.ndim)), value, x)


class L1Loss(nnx.Module):

    def __init__(self, size_average=None, reduce=None, reduction='mean'):
        self.size_average = size_average
        self.reduce = reduce
        self.reduction = reduction
        self._layer = l1_loss_layer(size_average=size_average, reduce=reduce, reduction=reduction)

    def __call__(self, *inputs):
        return self._layer(*inputs)


class Masked(L1Loss):
    def __init__(self, threshold):
        super().__init__(reduction="none")
        self.threshold = threshold

    def __call__(self, input, target):
        loss = super().__call__(input, target)
        loss = where_mask(loss, target < self.threshold, 0)
        return jnp.mean(loss)


class Doubled(Masked):
    def __call__(self, input, target):
        loss = super().__call__(input, target)
        loss += loss
        return jnp.sum(loss, axis=-1, keepdims=True)
