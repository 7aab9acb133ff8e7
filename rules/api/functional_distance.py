"""torch.nn.functional: distances, and losses on pairs and triplets of vectors."""

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api

from .functional_loss import legacy_reduction, reduced
from .functional_norm import vector_norm


@torch_api("torch.nn.functional.cosine_similarity", "torch.cosine_similarity")
def cosine_similarity(x1: Array, x2: Array, dim=1, eps=1e-8) -> Array:
    """Cosine of the angle between vectors along `dim`; norms are never below `eps`."""
    x1, x2 = jnp.broadcast_arrays(x1, x2)
    unit1 = x1 / jnp.maximum(vector_norm(x1, 2, axis=dim, keepdims=True), eps)
    unit2 = x2 / jnp.maximum(vector_norm(x2, 2, axis=dim, keepdims=True), eps)
    return jnp.sum(unit1 * unit2, axis=dim)


@torch_api("torch.nn.functional.pairwise_distance", "torch.pairwise_distance")
def pairwise_distance(x1: Array, x2: Array, p=2.0, eps=1e-6, keepdim=False) -> Array:
    """p-norm of `x1 - x2 + eps` along the last axis."""
    return vector_norm(x1 - x2 + eps, p, axis=-1, keepdims=keepdim)


@torch_api("torch.nn.functional.pdist", "torch.pdist")
def pdist(input: Array, p=2) -> Array:
    """Distances of the rows of (N, M) to all later rows: (N * (N - 1) / 2,)."""
    first, second = jnp.triu_indices(input.shape[0], k=1)
    return vector_norm(input[first] - input[second], p, axis=-1)


@torch_api("torch.nn.functional.cosine_embedding_loss", "torch.cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Array,
    input2: Array,
    target: Array,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
) -> Array:
    """1 - cosine where target is 1, and what the cosine exceeds `margin` by where it is -1."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    eps = 1e-12  # PyTorch adds it to the squared norms here
    dot = jnp.sum(input1 * input2, axis=-1)
    square1 = jnp.sum(jnp.square(input1), axis=-1) + eps
    square2 = jnp.sum(jnp.square(input2), axis=-1) + eps
    cosine = dot / jnp.sqrt(square1 * square2)
    losses = jnp.where(target == 1, 1 - cosine, 0)
    losses = jnp.where(target == -1, jnp.maximum(cosine - margin, 0), losses)
    return reduced(losses, reduction)


@torch_api("torch.nn.functional.margin_ranking_loss")
def margin_ranking_loss(
    input1: Array,
    input2: Array,
    target: Array,
    margin=0,
    size_average=None,
    reduce=None,
    reduction="mean",
) -> Array:
    """What `target * (input1 - input2)` falls short of `margin` by; targets are 1 or -1."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    return reduced(at_least_zero(-target * (input1 - input2) + margin), reduction)


def at_least_zero(x):
    """max(x, 0), with PyTorch's gradient 1 where x is 0."""
    return jnp.where(x < 0, 0, x)


@torch_api("torch.nn.functional.hinge_embedding_loss")
def hinge_embedding_loss(
    input: Array,
    target: Array,
    margin=1.0,
    size_average=None,
    reduce=None,
    reduction="mean",
) -> Array:
    """The distance where target is 1, what it falls short of `margin` by where it is -1."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    short = jnp.where(target == 1, 0, at_least_zero(margin - input))
    return reduced(short + jnp.where(target == -1, 0, input), reduction)


@torch_api("torch.nn.functional.soft_margin_loss")
def soft_margin_loss(
    input: Array, target: Array, size_average=None, reduce=None, reduction="mean"
) -> Array:
    """log(1 + exp(-target * input)); targets are 1 or -1."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    return reduced(jax.nn.softplus(-target * input), reduction)


@torch_api("torch.nn.functional.triplet_margin_loss")
def triplet_margin_loss(
    anchor: Array,
    positive: Array,
    negative: Array,
    margin=1.0,
    p=2,
    eps=1e-6,
    swap=False,
    size_average=None,
    reduce=None,
    reduction="mean",
) -> Array:
    """What the anchor is not closer to positive than to negative by, short of `margin`."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = jnp.minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced(at_least_zero(margin + near - far), reduction)


@torch_api("torch.nn.functional.triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(
    anchor: Array,
    positive: Array,
    negative: Array,
    *,
    distance_function=None,
    margin=1.0,
    swap=False,
    reduction="mean",
) -> Array:
    """The triplet loss by any distance, by default the Euclidean one."""
    distance = pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = jnp.minimum(far, distance(positive, negative))
    return reduced(at_least_zero(margin + near - far), reduction)
