"""torch.nn.functional: embeddings."""

import jax
import jax.numpy as jnp
from jax import Array, lax

from tojax.rules.api import torch_api


@torch_api("torch.nn.functional.one_hot")
def one_hot(input: Array, num_classes=-1) -> Array:
    """Class indices (*,) as integers (*, num_classes), by default as many as occur."""
    if num_classes == -1:
        return jax.nn.one_hot(input, int(jnp.max(input)) + 1, dtype=int)
    return jax.nn.one_hot(input, num_classes, dtype=int)


@torch_api("torch.nn.functional.embedding")
def embedding(
    input: Array,
    weight: Array,
    padding_idx=None,
    max_norm=None,
    norm_type=2.0,
    scale_grad_by_freq=False,
    sparse=False,
) -> Array:
    """Rows of weight (num, width); the row `padding_idx` gets no gradient."""
    if max_norm is not None:
        raise NotImplementedError("embedding(max_norm=...) changes the weight in place")
    if scale_grad_by_freq:
        raise NotImplementedError("embedding(scale_grad_by_freq=True) has no JAX counterpart")
    if padding_idx is None:
        return weight[input]
    return weight.at[padding_idx].set(lax.stop_gradient(weight[padding_idx]))[input]


def segment_means(rows, segments, count):
    """Mean of the rows of each segment, zero for an empty one."""
    totals = jax.ops.segment_sum(rows, segments, count)
    sizes = jax.ops.segment_sum(jnp.ones_like(segments), segments, count)
    return totals / jnp.maximum(sizes, 1)[:, None]


def segment_maxima(rows, segments, count):
    """Maximum of the rows of each segment, its gradient to the first, zero for an empty one."""
    positions = jnp.arange(rows.shape[0])[:, None]
    maxima = jax.ops.segment_max(lax.stop_gradient(rows), segments, count)
    is_maximum = rows == maxima.at[segments].get(mode="fill", fill_value=jnp.nan)
    first = jax.ops.segment_min(jnp.where(is_maximum, positions, rows.shape[0]), segments, count)
    return jnp.take_along_axis(
        rows, first.clip(0, rows.shape[0]), axis=0, mode="fill", fill_value=0
    )


@torch_api("torch.nn.functional.embedding_bag")
def embedding_bag(
    input: Array,
    weight: Array,
    offsets=None,
    max_norm=None,
    norm_type=2,
    scale_grad_by_freq=False,
    mode="mean",
    sparse=False,
    per_sample_weights=None,
    include_last_offset=False,
    padding_idx=None,
) -> Array:
    """Sum, mean or maximum of the rows of weight (num, width) over each bag of indices.

    Bags are the rows of `input` (bags, size), or the parts of `input` (total,) that start at
    `offsets` (bags,). Indices equal to `padding_idx` do not count.
    """
    if max_norm is not None:
        raise NotImplementedError("embedding_bag(max_norm=...) changes the weight in place")
    if scale_grad_by_freq:
        raise NotImplementedError("embedding_bag(scale_grad_by_freq=True) has no JAX counterpart")
    if input.ndim == 2:
        count = input.shape[0]
        bags = jnp.repeat(jnp.arange(count), input.shape[1])
    else:
        count = offsets.shape[0] - 1 if include_last_offset else offsets.shape[0]
        bags = jnp.searchsorted(offsets[:count], jnp.arange(input.size), side="right") - 1
    indices = input.reshape(-1)
    if padding_idx is not None:  # a bag that does not exist takes what does not count
        bags = jnp.where(indices == padding_idx % weight.shape[0], count, bags)
    rows = weight[indices]
    if per_sample_weights is not None:
        rows = rows * per_sample_weights.reshape(-1, 1)
    if mode == "sum":
        return jax.ops.segment_sum(rows, bags, count)
    return (segment_means if mode == "mean" else segment_maxima)(rows, bags, count)
