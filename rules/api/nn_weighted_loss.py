"""torch.nn: losses that may have weights, which are part of the state then."""

import functools
from collections.abc import Callable

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_classification_loss import (
    cross_entropy,
    multi_margin_loss,
    multilabel_soft_margin_loss,
    nll_loss,
)
from .functional_loss import binary_cross_entropy, binary_cross_entropy_with_logits


class WeightedLoss(nnx.Module):
    """A loss function with weights that are saved and loaded."""

    def __init__(
        self, loss: Callable, weight: Array | None = None, pos_weight: Array | None = None
    ):
        self.loss = loss
        self.weight = None if weight is None else nnx.Variable(weight)
        self.pos_weight = None if pos_weight is None else nnx.Variable(pos_weight)

    def __call__(self, input: Array, target: Array) -> Array:
        held = {"weight": self.weight, "pos_weight": self.pos_weight}
        given = {name: value[...] for name, value in held.items() if value is not None}
        return self.loss(input, target, **given)


@torch_api("torch.nn.CrossEntropyLoss")
def cross_entropy_layer(
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    label_smoothing=0.0,
) -> Callable:
    """Cross entropy of scores (N, C, ...) and classes or their probabilities."""
    loss = functools.partial(
        cross_entropy,
        size_average=size_average,
        ignore_index=ignore_index,
        reduce=reduce,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
    return loss if weight is None else WeightedLoss(loss, weight=weight)


@torch_api("torch.nn.NLLLoss")
def nll_loss_layer(
    weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"
) -> Callable:
    """Negative log-probability of the target classes."""
    loss = functools.partial(
        nll_loss,
        size_average=size_average,
        ignore_index=ignore_index,
        reduce=reduce,
        reduction=reduction,
    )
    return loss if weight is None else WeightedLoss(loss, weight=weight)


@torch_api("torch.nn.BCELoss")
def binary_cross_entropy_layer(
    weight=None, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Cross entropy of probabilities."""
    loss = functools.partial(
        binary_cross_entropy,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )
    return loss if weight is None else WeightedLoss(loss, weight=weight)


@torch_api("torch.nn.BCEWithLogitsLoss")
def binary_cross_entropy_with_logits_layer(
    weight=None, size_average=None, reduce=None, reduction="mean", pos_weight=None
) -> Callable:
    """Cross entropy of logits."""
    loss = functools.partial(
        binary_cross_entropy_with_logits,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )
    if pos_weight is None:
        return loss if weight is None else WeightedLoss(loss, weight=weight)
    if weight is None:
        return WeightedLoss(loss, pos_weight=pos_weight)
    return WeightedLoss(loss, weight=weight, pos_weight=pos_weight)


@torch_api("torch.nn.MultiMarginLoss")
def multi_margin_loss_layer(
    p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Hinge loss of several classes."""
    loss = functools.partial(
        multi_margin_loss,
        p=p,
        margin=margin,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )
    return loss if weight is None else WeightedLoss(loss, weight=weight)


@torch_api("torch.nn.MultiLabelSoftMarginLoss")
def multilabel_soft_margin_loss_layer(
    weight=None, size_average=None, reduce=None, reduction="mean"
) -> Callable:
    """Binary cross entropy of several labels."""
    loss = functools.partial(
        multilabel_soft_margin_loss,
        size_average=size_average,
        reduce=reduce,
        reduction=reduction,
    )
    return loss if weight is None else WeightedLoss(loss, weight=weight)
