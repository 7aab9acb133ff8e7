"""torch.nn.functional: convolutions and linear maps, channels first as in PyTorch."""

import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from tojax.rules.api import torch_api


def per_axis(value, count):
    """One number per spatial axis."""
    if isinstance(value, int):
        return (value,) * count
    return tuple(value) * count if len(value) == 1 else tuple(value)


def add_bias(x, bias, rank):
    """Add one number per channel; the channel axis is followed by `rank` spatial axes."""
    return x if bias is None else x + bias.reshape(-1, *(1,) * rank)


def convolve(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Convolve (N, C, *spatial) or (C, *spatial) with weight (O, C / groups, *window)."""
    rank = weight.ndim - 2
    if isinstance(padding, str):
        padding = padding.upper()
    else:
        padding = [(size, size) for size in per_axis(padding, rank)]
    y = lax.conv_general_dilated(
        x if x.ndim == weight.ndim else x[None],
        weight,
        window_strides=per_axis(stride, rank),
        padding=padding,
        rhs_dilation=per_axis(dilation, rank),
        feature_group_count=groups,
    )
    return add_bias(y if x.ndim == weight.ndim else y[0], bias, rank)


def convolve_transposed(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1
):
    """Transposed convolution of (N, C, *spatial) with weight (C, O / groups, *window)."""
    rank = weight.ndim - 2
    window = weight.shape[2:]
    dilation = per_axis(dilation, rank)
    # The adjoint of a convolution: spread the input by the stride, then convolve with the
    # window reversed and, within each group, input and output channels swapped.
    kernel = jnp.flip(weight, axis=range(2, weight.ndim))
    kernel = kernel.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2)
    kernel = kernel.reshape(-1, weight.shape[0] // groups, *window)
    padding = [
        (d * (w - 1) - p, d * (w - 1) - p + extra)
        for w, d, p, extra in zip(
            window, dilation, per_axis(padding, rank), per_axis(output_padding, rank), strict=True
        )
    ]
    y = lax.conv_general_dilated(
        x if x.ndim == weight.ndim else x[None],
        kernel,
        window_strides=(1,) * rank,
        padding=padding,
        lhs_dilation=per_axis(stride, rank),
        rhs_dilation=dilation,
        feature_group_count=groups,
    )
    return add_bias(y if x.ndim == weight.ndim else y[0], bias, rank)


@torch_api("torch.nn.functional.conv1d", "torch.conv1d")
def conv1d(
    input: Array, weight: Array, bias=None, stride=1, padding=0, dilation=1, groups=1
) -> Array:
    """Convolution of (N, C, L) or (C, L) with weight (O, C / groups, K)."""
    return convolve(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )


@torch_api("torch.nn.functional.conv2d", "torch.conv2d")
def conv2d(
    input: Array, weight: Array, bias=None, stride=1, padding=0, dilation=1, groups=1
) -> Array:
    """Convolution of (N, C, H, W) or (C, H, W) with weight (O, C / groups, KH, KW)."""
    return convolve(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )


@torch_api("torch.nn.functional.conv3d", "torch.conv3d")
def conv3d(
    input: Array, weight: Array, bias=None, stride=1, padding=0, dilation=1, groups=1
) -> Array:
    """Convolution of (N, C, D, H, W) or (C, D, H, W) with weight (O, C / groups, KD, KH, KW)."""
    return convolve(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )


@torch_api("torch.nn.functional.conv_transpose1d", "torch.conv_transpose1d")
def conv_transpose1d(
    input: Array,
    weight: Array,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
) -> Array:
    """Transposed convolution of (N, C, L) with weight (C, O / groups, K)."""
    return convolve_transposed(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )


@torch_api("torch.nn.functional.conv_transpose2d", "torch.conv_transpose2d")
def conv_transpose2d(
    input: Array,
    weight: Array,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
) -> Array:
    """Transposed convolution of (N, C, H, W) with weight (C, O / groups, KH, KW)."""
    return convolve_transposed(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )


@torch_api("torch.nn.functional.conv_transpose3d", "torch.conv_transpose3d")
def conv_transpose3d(
    input: Array,
    weight: Array,
    bias=None,
    stride=1,
    padding=0,
    output_padding=0,
    groups=1,
    dilation=1,
) -> Array:
    """Transposed convolution of (N, C, D, H, W) with weight (C, O / groups, KD, KH, KW)."""
    return convolve_transposed(
        input,
        weight,
        bias,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )


def patch_positions(size, window, stride, padding, dilation):
    """Where each window of one axis reads, counted in the padded axis: (window, places)."""
    places = (size + 2 * padding - dilation * (window - 1) - 1) // stride + 1
    return dilation * np.arange(window)[:, None] + stride * np.arange(places)


@torch_api("torch.nn.functional.unfold")
def unfold(input: Array, kernel_size, dilation=1, padding=0, stride=1) -> Array:
    """Sliding windows of (N, C, H, W) as columns: (N, C * KH * KW, places)."""
    window, padding = per_axis(kernel_size, 2), per_axis(padding, 2)
    rows, columns = map(
        patch_positions,
        input.shape[-2:],
        window,
        per_axis(stride, 2),
        padding,
        per_axis(dilation, 2),
    )
    margins = [(0, 0)] * (input.ndim - 2) + [(size, size) for size in padding]
    patches = jnp.pad(input, margins)[..., rows[:, None, :, None], columns[:, None, :]]
    *lead, channels = input.shape[:-2]
    return patches.reshape(
        *lead, channels * window[0] * window[1], rows.shape[1] * columns.shape[1]
    )


@torch_api("torch.nn.functional.fold")
def fold(input: Array, output_size, kernel_size, dilation=1, padding=0, stride=1) -> Array:
    """Sum columns (N, C * KH * KW, places) back into the windows of (N, C, H, W)."""
    size, window, padding = (per_axis(value, 2) for value in (output_size, kernel_size, padding))
    rows, columns = map(
        patch_positions, size, window, per_axis(stride, 2), padding, per_axis(dilation, 2)
    )
    channels = input.shape[-2] // (window[0] * window[1])
    patches = input.reshape(*input.shape[:-2], channels, *window, rows.shape[1], columns.shape[1])
    padded = jnp.zeros(
        (*input.shape[:-2], channels, size[0] + 2 * padding[0], size[1] + 2 * padding[1]),
        input.dtype,
    )
    padded = padded.at[..., rows[:, None, :, None], columns[:, None, :]].add(patches)
    return padded[..., padding[0] : padding[0] + size[0], padding[1] : padding[1] + size[1]]


@torch_api("torch.nn.functional.linear")
def linear(input: Array, weight: Array, bias=None) -> Array:
    """Map the last axis by weight (out, in)."""
    return input @ weight.T if bias is None else input @ weight.T + bias


@torch_api("torch.nn.functional.bilinear", "torch.bilinear")
def bilinear(input1: Array, input2: Array, weight: Array, bias=None) -> Array:
    """`input1 @ weight[k] @ input2` for each k of weight (out, in1, in2)."""
    y = jnp.einsum("...i,kij,...j->...k", input1, weight, input2)
    return y if bias is None else y + bias
