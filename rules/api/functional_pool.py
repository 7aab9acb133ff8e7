"""torch.nn.functional: pooling over windows of fixed size, channels first as in PyTorch."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from tojax.rules.api import torch_api

from .functional_conv import per_axis


def window_count(size, window, stride, padding, dilation, ceil_mode):
    """How many windows fit one axis; with `ceil_mode` the last may reach beyond the padding."""
    room = size + 2 * padding - dilation * (window - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    count = -(-room // stride) + 1
    # A window that would start in the right padding is left out.
    return count - 1 if (count - 1) * stride >= size + padding else count


def window_margins(sizes, window, stride, padding, dilation, ceil_mode):
    """Padding before and after each spatial axis so that exactly its windows fit."""
    margins = []
    for size, width, step, before, gap in zip(
        sizes, window, stride, padding, dilation, strict=True
    ):
        count = window_count(size, width, step, before, gap, ceil_mode)
        reach = (count - 1) * step + gap * (width - 1) + 1
        margins.append((before, max(reach - size - before, 0)))
    return margins


def lowest(dtype):
    """The value that any other value of `dtype` replaces as maximum."""
    return np.array(
        -jnp.inf if jnp.issubdtype(dtype, jnp.floating) else jnp.iinfo(dtype).min, dtype
    )


def max_pool(x, window, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Maximum over each window of the last `len(window)` axes."""
    rank = len(window)
    stride = per_axis(stride or window, rank)
    padding, dilation = per_axis(padding, rank), per_axis(dilation, rank)
    if max(dilation) > 1:  # JAX has no gradient for dilated windows
        return max_pool_with_indices(x, window, stride, padding, dilation, ceil_mode)[0]
    lead = (1,) * (x.ndim - rank)
    margins = window_margins(x.shape[-rank:], window, stride, padding, dilation, ceil_mode)
    return lax.reduce_window(
        x,
        lowest(x.dtype),
        lax.max,
        window_dimensions=lead + tuple(window),
        window_strides=lead + tuple(stride),
        padding=[(0, 0)] * len(lead) + margins,
    )


def max_over_windows(x, positions):
    """Maxima, and their flat indices, over windows of the last `len(positions)` axes.

    `positions` has one integer array (windows, width) per axis; positions outside it are ignored.
    """
    rank = len(positions)
    spatial = x.shape[-rank:]
    flat = jnp.broadcast_to(jnp.arange(math.prod(spatial)).reshape(spatial), x.shape)
    # From the last axis to the first, so that the first of equal values wins in row-major order.
    for axis in reversed(range(x.ndim - rank, x.ndim)):
        where = positions[axis - x.ndim]
        size = x.shape[axis]
        inside = ((where >= 0) & (where < size)).reshape(*where.shape, *(1,) * (x.ndim - axis - 1))
        where = where.clip(0, size - 1)
        values = jnp.take(x, where, axis=axis)
        best = jnp.argmax(jnp.where(inside, values, lowest(x.dtype)), axis=axis + 1, keepdims=True)
        x = jnp.take_along_axis(values, best, axis=axis + 1).squeeze(axis + 1)
        flat = jnp.take(flat, where, axis=axis)
        flat = jnp.take_along_axis(flat, best, axis=axis + 1).squeeze(axis + 1)
    return x, flat


def max_pool_with_indices(x, window, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Maxima over each window and their flat indices into the unpadded spatial axes."""
    rank = len(window)
    stride = per_axis(stride or window, rank)
    positions = [
        step * np.arange(window_count(size, width, step, before, gap, ceil_mode))[:, None]
        + gap * np.arange(width)
        - before
        for size, width, step, before, gap in zip(
            x.shape[-rank:],
            window,
            stride,
            per_axis(padding, rank),
            per_axis(dilation, rank),
            strict=True,
        )
    ]
    return max_over_windows(x, positions)


@torch_api(
    "torch.nn.functional.max_pool1d",
    "torch.max_pool1d",
)
def max_pool1d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
) -> Array | tuple[Array, Array]:
    """Maximum over windows of (N, C, L) or (C, L)."""
    window = (kernel_size,) if isinstance(kernel_size, int) else kernel_size
    if return_indices:
        return max_pool_with_indices(
            input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
        )
    return max_pool(
        input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )


@torch_api("torch.nn.functional.max_pool2d", "torch.max_pool2d")
def max_pool2d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
) -> Array | tuple[Array, Array]:
    """Maximum over windows of (N, C, H, W) or (C, H, W)."""
    window = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    if return_indices:
        return max_pool_with_indices(
            input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
        )
    return max_pool(
        input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )


@torch_api("torch.nn.functional.max_pool3d", "torch.max_pool3d")
def max_pool3d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    dilation=1,
    ceil_mode=False,
    return_indices=False,
) -> Array | tuple[Array, Array]:
    """Maximum over windows of (N, C, D, H, W) or (C, D, H, W)."""
    window = (kernel_size,) * 3 if isinstance(kernel_size, int) else kernel_size
    if return_indices:
        return max_pool_with_indices(
            input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
        )
    return max_pool(
        input, window, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )


def window_sizes(size, window, stride, padding, ceil_mode, count_include_pad):
    """How many elements the average over each window of one axis is divided by."""
    start = stride * np.arange(window_count(size, window, stride, padding, 1, ceil_mode)) - padding
    stop = np.minimum(start + window, size + padding)
    return stop - start if count_include_pad else np.minimum(stop, size) - np.maximum(start, 0)


def avg_pool(
    x,
    window,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
):
    """Mean over each window of the last `len(window)` axes."""
    rank = len(window)
    stride = per_axis(stride or window, rank)
    padding = per_axis(padding, rank)
    lead = (1,) * (x.ndim - rank)
    sizes = x.shape[-rank:]
    total = lax.reduce_window(
        x,
        np.array(0, x.dtype),
        lax.add,
        window_dimensions=lead + tuple(window),
        window_strides=lead + tuple(stride),
        padding=[(0, 0)] * len(lead)
        + window_margins(sizes, window, stride, padding, (1,) * rank, ceil_mode),
    )
    if divisor_override is not None:
        return total / divisor_override
    for axis in range(rank):
        count = window_sizes(
            sizes[axis], window[axis], stride[axis], padding[axis], ceil_mode, count_include_pad
        )
        total = total / count.reshape(-1, *(1,) * (rank - axis - 1)).astype(x.dtype)
    return total


@torch_api("torch.nn.functional.avg_pool1d", "torch.avg_pool1d")
def avg_pool1d(
    input: Array, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
) -> Array:
    """Mean over windows of (N, C, L) or (C, L)."""
    return avg_pool(
        input,
        (kernel_size,) if isinstance(kernel_size, int) else kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )


@torch_api("torch.nn.functional.avg_pool2d")
def avg_pool2d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Array:
    """Mean over windows of (N, C, H, W) or (C, H, W)."""
    return avg_pool(
        input,
        (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


@torch_api("torch.nn.functional.avg_pool3d")
def avg_pool3d(
    input: Array,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Array:
    """Mean over windows of (N, C, D, H, W) or (C, D, H, W)."""
    return avg_pool(
        input,
        (kernel_size,) * 3 if isinstance(kernel_size, int) else kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


def lp_pool(x, norm_type, window, stride, ceil_mode):
    """p-norm over each window: sum(x ** p) ** (1 / p), without absolute values inside."""
    if norm_type == math.inf:
        return max_pool(jnp.abs(x), window, stride, ceil_mode=ceil_mode)
    mean = avg_pool(x**norm_type, window, stride, ceil_mode=ceil_mode)
    total = jnp.sign(mean) * jax.nn.relu(jnp.abs(mean)) * math.prod(window)
    return total ** (1 / norm_type)


@torch_api("torch.nn.functional.lp_pool1d")
def lp_pool1d(input: Array, norm_type, kernel_size, stride=None, ceil_mode=False) -> Array:
    """p-norm over windows of (N, C, L) or (C, L)."""
    return lp_pool(input, norm_type, per_axis(kernel_size, 1), stride, ceil_mode)


@torch_api("torch.nn.functional.lp_pool2d")
def lp_pool2d(input: Array, norm_type, kernel_size, stride=None, ceil_mode=False) -> Array:
    """p-norm over windows of (N, C, H, W) or (C, H, W)."""
    return lp_pool(input, norm_type, per_axis(kernel_size, 2), stride, ceil_mode)


@torch_api("torch.nn.functional.lp_pool3d")
def lp_pool3d(input: Array, norm_type, kernel_size, stride=None, ceil_mode=False) -> Array:
    """p-norm over windows of (N, C, D, H, W) or (C, D, H, W)."""
    return lp_pool(input, norm_type, per_axis(kernel_size, 3), stride, ceil_mode)
