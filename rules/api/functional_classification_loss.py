"""torch.nn.functional: losses over classes and sequences of classes."""

import jax
import jax.numpy as jnp
import optax
from jax import Array

from tojax.rules.api import torch_api

from .functional_loss import legacy_reduction, reduced


def class_weights(target, weight, ignore_index, dtype):
    """The weight of each target: that of its class, zero where it is to be ignored."""
    counts = target != ignore_index
    if weight is None:
        return counts.astype(dtype)
    return jnp.where(counts, weight[jnp.where(counts, target, 0)], 0)


def picked(scores, target, ignore_index, axis):
    """The score of each target along `axis`, zero where it is to be ignored."""
    counts = target != ignore_index
    labels = jnp.expand_dims(jnp.where(counts, target, 0), axis)
    return jnp.where(counts, jnp.take_along_axis(scores, labels, axis=axis).squeeze(axis), 0)


@torch_api("torch.nn.functional.nll_loss")
def nll_loss(
    input: Array,
    target: Array,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
) -> Array:
    """Negative log likelihood of class indices (N, *) under log probabilities (N, C, *)."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    axis = min(1, input.ndim - 1)
    weights = class_weights(target, weight, ignore_index, input.dtype)
    losses = -weights * picked(input, target, ignore_index, axis)
    if reduction == "mean":
        return jnp.sum(losses) / jnp.sum(weights)
    return reduced(losses, reduction)


@torch_api("torch.nn.functional.cross_entropy")
def cross_entropy(
    input: Array,
    target: Array,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    label_smoothing=0.0,
) -> Array:
    """Cross entropy of logits (N, C, *) with class indices (N, *) or probabilities (N, C, *).

    With plain arguments, indices, and logits (N, C) or (C,), it is
    `optax.softmax_cross_entropy_with_integer_labels(input, target).mean()`, if no target equals
    `ignore_index`.
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    axis = min(1, input.ndim - 1)
    classes = input.shape[axis]
    log_probs = jax.nn.log_softmax(input, axis=axis)
    by_class = 1 if weight is None else weight.reshape(-1, *(1,) * (input.ndim - axis - 1))
    if target.shape == input.shape:
        if label_smoothing > 0:
            target = target * (1 - label_smoothing) + label_smoothing / classes
        losses = -jnp.sum(log_probs * target * by_class, axis=axis)
        return reduced(losses, reduction)
    weights = class_weights(target, weight, ignore_index, input.dtype)
    losses = -weights * picked(log_probs, target, ignore_index, axis)
    if label_smoothing > 0:
        uniform = -jnp.mean(log_probs * by_class, axis=axis)
        uniform = jnp.where(target == ignore_index, 0, uniform)
        losses = (1 - label_smoothing) * losses + label_smoothing * uniform
    if reduction == "mean":
        return jnp.sum(losses) / jnp.sum(weights)
    return reduced(losses, reduction)


@torch_api("torch.nn.functional.linear_cross_entropy")
def linear_cross_entropy(
    input: Array,
    linear_weight: Array,
    target: Array,
    *,
    linear_bias=None,
    weight=None,
    reduction="mean",
    ignore_index=None,
    label_smoothing=0.0,
    options=None,
) -> Array:
    """Cross entropy of the logits `input @ linear_weight.T + linear_bias`."""
    logits = jnp.tensordot(input, linear_weight, axes=(-1, -1))
    return cross_entropy(
        logits if linear_bias is None else logits + linear_bias,
        target,
        weight,
        ignore_index=-100 if ignore_index is None else ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )


@torch_api("torch.nn.functional.multi_margin_loss")
def multi_margin_loss(
    input: Array,
    target: Array,
    p=1,
    margin=1.0,
    weight=None,
    size_average=None,
    reduce=None,
    reduction="mean",
) -> Array:
    """Hinge of the score of each wrong class against the right one's; scores (N, C) or (C,)."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    input = jnp.atleast_1d(input)
    classes = input.shape[-1]
    labels = target.reshape(input.shape[:-1])[..., None]
    right = jnp.take_along_axis(input, labels, axis=-1)
    hinges = jax.nn.relu(margin - right + input) ** p
    if weight is not None:
        hinges = hinges * weight[labels]
    hinges = jnp.where(jnp.arange(classes) == labels, 0, hinges)
    return reduced(jnp.sum(hinges, axis=-1) / classes, reduction)


@torch_api("torch.nn.functional.multilabel_margin_loss")
def multilabel_margin_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean"
) -> Array:
    """Hinge of the score of each wrong class against each right one's, which end at the first -1.

    Scores and class indices: (N, C) or (C,).
    """
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    input, target = jnp.atleast_1d(input, target)
    classes = input.shape[-1]
    given = jnp.cumsum(target < 0, axis=-1) == 0
    labels = jnp.where(given, target, 0)
    is_right = jnp.any(given[..., None] & (labels[..., None] == jnp.arange(classes)), axis=-2)
    right = jnp.take_along_axis(input, labels, axis=-1)
    hinges = jax.nn.relu(1 - right[..., None] + input[..., None, :])
    hinges = jnp.where(given[..., None] & ~is_right[..., None, :], hinges, 0)
    return reduced(jnp.sum(hinges, axis=(-2, -1)) / classes, reduction)


@torch_api("torch.nn.functional.multilabel_soft_margin_loss")
def multilabel_soft_margin_loss(
    input: Array, target: Array, weight=None, size_average=None, reduce=None, reduction="mean"
) -> Array:
    """Binary cross entropy of logits, averaged over the classes: (N, C) or (C,)."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    losses = optax.sigmoid_binary_cross_entropy(input, target)
    return reduced(jnp.mean(losses if weight is None else losses * weight, axis=-1), reduction)


def labels_by_sample(targets, lengths):
    """Concatenated labels (total,) as (N, longest), padded with whatever follows."""
    longest = max(lengths) if isinstance(lengths, (tuple, list)) else targets.shape[0]
    lengths = jnp.asarray(lengths)
    starts = jnp.cumsum(lengths) - lengths
    return jnp.take(targets, starts[:, None] + jnp.arange(longest), mode="clip")


@torch_api("torch.nn.functional.ctc_loss")
def ctc_loss(
    log_probs: Array,
    targets: Array,
    input_lengths,
    target_lengths,
    blank=0,
    reduction="mean",
    zero_infinity=False,
) -> Array:
    """Connectionist temporal classification.

    Args:
        log_probs: (T, N, C) or (T, C).
        targets: labels (N, S), or concatenated (total,).
        input_lengths, target_lengths: (N,), or a number for (T, C).
        blank: class of the blank label.
        reduction: "none", "sum", or "mean", which divides by the target lengths first.
        zero_infinity: give zero where a target cannot be aligned, instead of infinity.
    """
    if log_probs.ndim == 2:
        losses = ctc_loss(
            log_probs[:, None],
            targets[None],
            jnp.atleast_1d(input_lengths),
            jnp.atleast_1d(target_lengths),
            blank,
            "none",
            zero_infinity,
        )[0]
        return losses / jnp.maximum(target_lengths, 1) if reduction == "mean" else losses
    labels = targets if targets.ndim == 2 else labels_by_sample(targets, target_lengths)
    input_lengths, target_lengths = jnp.asarray(input_lengths), jnp.asarray(target_lengths)
    padding = jnp.arange(labels.shape[1]) >= target_lengths[:, None]
    losses = optax.ctc_loss(
        log_probs.swapaxes(0, 1),
        (jnp.arange(log_probs.shape[0]) >= input_lengths[:, None]).astype(log_probs.dtype),
        labels,
        padding.astype(log_probs.dtype),
        blank_id=blank,
    )
    # A repeated label needs a blank in between.
    repeats = jnp.sum((labels[:, 1:] == labels[:, :-1]) & ~padding[:, 1:], axis=1)
    too_long = target_lengths + repeats > input_lengths
    losses = jnp.where(too_long, 0 if zero_infinity else jnp.inf, losses)
    return reduced(
        losses / jnp.maximum(target_lengths, 1) if reduction == "mean" else losses, reduction
    )
