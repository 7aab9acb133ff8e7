"""torch.nn.functional: pooling to a given size, and unpooling, channels first as in PyTorch."""

import math

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api

from .functional_conv import per_axis
from .functional_pool import max_over_windows


def adaptive_positions(size, count):
    """Positions (count, width) of `count` windows that cover an axis; `size` marks unused ones."""
    start = np.arange(count)[:, None] * size // count
    stop = -(-np.arange(1, count + 1)[:, None] * size // count)
    positions = start + np.arange(np.max(stop - start, initial=0))
    return np.where(positions < stop, positions, size)


def adaptive_sizes(output_size, sizes):
    """The output size of each spatial axis; None keeps the input's."""
    if output_size is None or isinstance(output_size, int):
        output_size = (output_size,) * len(sizes)
    return [
        size if wanted is None else wanted for wanted, size in zip(output_size, sizes, strict=True)
    ]


def adaptive_avg_pool(x, output_size, rank):
    """Means over equal parts of the last `rank` axes."""
    counts = adaptive_sizes(output_size, x.shape[-rank:])
    for axis, count in zip(range(x.ndim - rank, x.ndim), counts, strict=True):
        size = x.shape[axis]
        if count and size % count == 0:
            parts = x.reshape(*x.shape[:axis], count, size // count, *x.shape[axis + 1 :])
            x = jnp.mean(parts, axis=axis + 1)
        else:
            positions = adaptive_positions(size, count)
            inside = (positions < size).reshape(*positions.shape, *(1,) * (x.ndim - axis - 1))
            values = jnp.take(x, positions.clip(0, size - 1), axis=axis)
            x = jnp.mean(values, axis=axis + 1, where=inside)
    return x


def adaptive_max_pool(x, output_size, rank):
    """Maxima over equal parts of the last `rank` axes, and their flat indices."""
    sizes = x.shape[-rank:]
    return max_over_windows(
        x, list(map(adaptive_positions, sizes, adaptive_sizes(output_size, sizes)))
    )


@torch_api("torch.nn.functional.adaptive_avg_pool1d", "torch.adaptive_avg_pool1d")
def adaptive_avg_pool1d(input: Array, output_size) -> Array:
    """Means over `output_size` equal parts of (N, C, L) or (C, L)."""
    if output_size == 1:
        return jnp.mean(input, axis=-1, keepdims=True)
    return adaptive_avg_pool(input, output_size, rank=1)


@torch_api("torch.nn.functional.adaptive_avg_pool2d")
def adaptive_avg_pool2d(input: Array, output_size) -> Array:
    """Means over `output_size` equal parts of (N, C, H, W) or (C, H, W)."""
    if output_size == 1 or output_size == (1, 1):
        return jnp.mean(input, axis=(-2, -1), keepdims=True)
    return adaptive_avg_pool(input, output_size, rank=2)


@torch_api("torch.nn.functional.adaptive_avg_pool3d")
def adaptive_avg_pool3d(input: Array, output_size) -> Array:
    """Means over `output_size` equal parts of (N, C, D, H, W) or (C, D, H, W)."""
    if output_size == 1 or output_size == (1, 1, 1):
        return jnp.mean(input, axis=(-3, -2, -1), keepdims=True)
    return adaptive_avg_pool(input, output_size, rank=3)


@torch_api("torch.nn.functional.adaptive_max_pool1d")
def adaptive_max_pool1d(
    input: Array, output_size, return_indices=False
) -> Array | tuple[Array, Array]:
    """Maxima over `output_size` equal parts of (N, C, L) or (C, L)."""
    if return_indices:
        return adaptive_max_pool(input, output_size, rank=1)
    return adaptive_max_pool(input, output_size, rank=1)[0]


@torch_api("torch.nn.functional.adaptive_max_pool2d")
def adaptive_max_pool2d(
    input: Array, output_size, return_indices=False
) -> Array | tuple[Array, Array]:
    """Maxima over `output_size` equal parts of (N, C, H, W) or (C, H, W)."""
    if return_indices:
        return adaptive_max_pool(input, output_size, rank=2)
    return adaptive_max_pool(input, output_size, rank=2)[0]


@torch_api("torch.nn.functional.adaptive_max_pool3d")
def adaptive_max_pool3d(
    input: Array, output_size, return_indices=False
) -> Array | tuple[Array, Array]:
    """Maxima over `output_size` equal parts of (N, C, D, H, W) or (C, D, H, W)."""
    if return_indices:
        return adaptive_max_pool(input, output_size, rank=3)
    return adaptive_max_pool(input, output_size, rank=3)[0]


def max_unpool(x, indices, window, stride, padding, output_size):
    """Put each maximum back where it came from, zeros elsewhere."""
    rank = len(window)
    if output_size is None:
        stride = per_axis(stride or window, rank)
        output_size = [
            (size - 1) * step - 2 * before + width
            for size, step, before, width in zip(
                x.shape[-rank:], stride, per_axis(padding, rank), window, strict=True
            )
        ]
    lead, spatial = x.shape[:-rank], tuple(output_size)[-rank:]
    rows, columns = math.prod(lead), math.prod(spatial)
    flat = jnp.zeros((rows, columns), x.dtype)
    flat = flat.at[jnp.arange(rows)[:, None], indices.reshape(rows, -1)].set(x.reshape(rows, -1))
    return flat.reshape(*lead, *spatial)


@torch_api("torch.nn.functional.max_unpool1d")
def max_unpool1d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
) -> Array:
    """Undo max_pool1d, given its indices."""
    return max_unpool(input, indices, per_axis(kernel_size, 1), stride, padding, output_size)


@torch_api("torch.nn.functional.max_unpool2d")
def max_unpool2d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
) -> Array:
    """Undo max_pool2d, given its indices."""
    return max_unpool(input, indices, per_axis(kernel_size, 2), stride, padding, output_size)


@torch_api("torch.nn.functional.max_unpool3d")
def max_unpool3d(
    input: Array, indices: Array, kernel_size, stride=None, padding=0, output_size=None
) -> Array:
    """Undo max_pool3d, given its indices."""
    return max_unpool(input, indices, per_axis(kernel_size, 3), stride, padding, output_size)
