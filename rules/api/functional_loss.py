"""torch.nn.functional: regression and probability losses.

Every loss reduces over all elements: "mean" (the default), "sum" or "none". PyTorch's deprecated
`size_average` and `reduce` are turned into the same three words.
"""

import math

import jax
import jax.numpy as jnp
import optax
from jax import Array

from tojax.rules.api import torch_api


def legacy_reduction(size_average, reduce):
    """The reduction that the deprecated flags ask for."""
    if reduce is not None and not reduce:
        return "none"
    return "mean" if size_average is None or size_average else "sum"


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


@torch_api("torch.nn.functional.mse_loss")
def mse_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean", weight=None
) -> Array:
    """Squared differences."""
    if size_average is not None or reduce is not None:
        return reduced(jnp.square(input - target), legacy_reduction(size_average, reduce))
    if weight is not None:
        return weighted_mean(jnp.square(input - target), weight, reduction)
    if reduction == "none":
        return jnp.square(input - target)
    if reduction == "sum":
        return jnp.sum(jnp.square(input - target))
    return jnp.mean(jnp.square(input - target))


@torch_api("torch.nn.functional.l1_loss")
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


@torch_api("torch.nn.functional.huber_loss")
def huber_loss(input: Array, target: Array, reduction="mean", delta=1.0, weight=None) -> Array:
    """Squared differences up to `delta`, absolute differences beyond."""
    if weight is not None:
        return reduced(weight * optax.huber_loss(input, target, delta=delta), reduction)
    if reduction == "none":
        return optax.huber_loss(input, target, delta=delta)
    if reduction == "sum":
        return jnp.sum(optax.huber_loss(input, target, delta=delta))
    return jnp.mean(optax.huber_loss(input, target, delta=delta))


@torch_api("torch.nn.functional.smooth_l1_loss")
def smooth_l1_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean", beta=1.0
) -> Array:
    """Squared differences up to `beta`, divided by it, absolute differences beyond."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if beta == 0:
        return reduced(jnp.abs(input - target), reduction)
    if beta != 1:
        return reduced(optax.huber_loss(input, target, delta=beta) / beta, reduction)
    if reduction == "none":
        return optax.huber_loss(input, target)
    if reduction == "sum":
        return jnp.sum(optax.huber_loss(input, target))
    return jnp.mean(optax.huber_loss(input, target))


def bernoulli_cross_entropy(p, target):
    """Cross entropy of probabilities `p`; logarithms are never below -100."""
    log_p = jnp.where(p > 0, jnp.log(jnp.where(p > 0, p, 1)), -100)
    log_q = jnp.where(p < 1, jnp.log1p(-jnp.where(p < 1, p, 0)), -100)
    return -(target * log_p + (1 - target) * log_q)


@torch_api("torch.nn.functional.binary_cross_entropy")
def binary_cross_entropy(
    input: Array, target: Array, weight=None, size_average=None, reduce=None, reduction="mean"
) -> Array:
    """Cross entropy of probabilities; logarithms are never below -100."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    losses = bernoulli_cross_entropy(input, target)
    return reduced(losses if weight is None else losses * weight, reduction)


@torch_api("torch.nn.functional.binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    input: Array,
    target: Array,
    weight=None,
    size_average=None,
    reduce=None,
    reduction="mean",
    pos_weight=None,
) -> Array:
    """Cross entropy of the sigmoid of `input`."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if pos_weight is not None:
        losses = -pos_weight * target * jax.nn.log_sigmoid(input)
        losses = losses - (1 - target) * jax.nn.log_sigmoid(-input)
        return reduced(losses if weight is None else losses * weight, reduction)
    if weight is not None:
        return reduced(optax.sigmoid_binary_cross_entropy(input, target) * weight, reduction)
    if reduction == "none":
        return optax.sigmoid_binary_cross_entropy(input, target)
    if reduction == "sum":
        return jnp.sum(optax.sigmoid_binary_cross_entropy(input, target))
    return jnp.mean(optax.sigmoid_binary_cross_entropy(input, target))


@torch_api("torch.nn.functional.kl_div")
def kl_div(
    input: Array,
    target: Array,
    size_average=None,
    reduce=None,
    reduction="mean",
    log_target=False,
) -> Array:
    """Kullback-Leibler divergence of `target` from exp(input); "batchmean" is the true mean."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    if log_target:
        losses = jnp.exp(target) * (target - input)
    else:
        losses = jax.scipy.special.xlogy(target, target) - target * input
    if reduction == "batchmean":
        return jnp.sum(losses) / input.shape[0]
    return reduced(losses, reduction)


@torch_api("torch.nn.functional.poisson_nll_loss")
def poisson_nll_loss(
    input: Array,
    target: Array,
    log_input=True,
    full=False,
    size_average=None,
    eps=1e-8,
    reduce=None,
    reduction="mean",
) -> Array:
    """Negative log likelihood of counts; `full` adds Stirling's term."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    losses = jnp.exp(input) - target * input if log_input else input - target * jnp.log(input + eps)
    if full:
        count = jnp.maximum(target, 1)
        stirling = target * jnp.log(count) - target + 0.5 * jnp.log(2 * math.pi * count)
        losses = losses + jnp.where(target > 1, stirling, 0)
    return reduced(losses, reduction)


@torch_api("torch.nn.functional.gaussian_nll_loss")
def gaussian_nll_loss(
    input: Array, target: Array, var, full=False, eps=1e-6, reduction="mean"
) -> Array:
    """Negative log likelihood under normal distributions; variances are never below `eps`."""
    var = jnp.asarray(var, input.dtype)
    if var.ndim == input.ndim - 1 and var.ndim > 0:
        var = var[..., None]
    # The lower bound leaves the gradient by `var` as it is.
    var = var + jax.lax.stop_gradient(jnp.maximum(var, eps) - var)
    losses = 0.5 * (jnp.log(var) + jnp.square(input - target) / var)
    return reduced(losses + 0.5 * math.log(2 * math.pi) if full else losses, reduction)
