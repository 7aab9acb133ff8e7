"""torch.nn: pooling, which has no state."""

import functools
from collections.abc import Callable

from tojax.rules.api import torch_api

from .functional_adaptive_pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from .functional_pool import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool2d,
    max_pool3d,
)


@torch_api("torch.nn.MaxPool1d")
def max_pool1d_layer(
    kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False
) -> Callable:
    """Maximum over windows of the last axis."""
    return functools.partial(
        max_pool1d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        return_indices=return_indices,
        ceil_mode=ceil_mode,
    )


@torch_api("torch.nn.MaxPool2d")
def max_pool2d_layer(
    kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False
) -> Callable:
    """Maximum over windows of the last 2 axes."""
    return functools.partial(
        max_pool2d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        return_indices=return_indices,
        ceil_mode=ceil_mode,
    )


@torch_api("torch.nn.MaxPool3d")
def max_pool3d_layer(
    kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False
) -> Callable:
    """Maximum over windows of the last 3 axes."""
    return functools.partial(
        max_pool3d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        return_indices=return_indices,
        ceil_mode=ceil_mode,
    )


@torch_api("torch.nn.AvgPool1d")
def avg_pool1d_layer(
    kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
) -> Callable:
    """Mean over windows of the last axis."""
    return functools.partial(
        avg_pool1d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )


@torch_api("torch.nn.AvgPool2d")
def avg_pool2d_layer(
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Callable:
    """Mean over windows of the last 2 axes."""
    return functools.partial(
        avg_pool2d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


@torch_api("torch.nn.AvgPool3d")
def avg_pool3d_layer(
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
) -> Callable:
    """Mean over windows of the last 3 axes."""
    return functools.partial(
        avg_pool3d,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
        divisor_override=divisor_override,
    )


@torch_api("torch.nn.LPPool1d")
def lp_pool1d_layer(norm_type, kernel_size, stride=None, ceil_mode=False) -> Callable:
    """Norm over windows of the last axis."""
    return functools.partial(
        lp_pool1d, norm_type=norm_type, kernel_size=kernel_size, stride=stride, ceil_mode=ceil_mode
    )


@torch_api("torch.nn.LPPool2d")
def lp_pool2d_layer(norm_type, kernel_size, stride=None, ceil_mode=False) -> Callable:
    """Norm over windows of the last 2 axes."""
    return functools.partial(
        lp_pool2d, norm_type=norm_type, kernel_size=kernel_size, stride=stride, ceil_mode=ceil_mode
    )


@torch_api("torch.nn.LPPool3d")
def lp_pool3d_layer(norm_type, kernel_size, stride=None, ceil_mode=False) -> Callable:
    """Norm over windows of the last 3 axes."""
    return functools.partial(
        lp_pool3d, norm_type=norm_type, kernel_size=kernel_size, stride=stride, ceil_mode=ceil_mode
    )


@torch_api("torch.nn.AdaptiveAvgPool1d")
def adaptive_avg_pool1d_layer(output_size) -> Callable:
    """Means that reduce the last axis to a given size."""
    return functools.partial(adaptive_avg_pool1d, output_size=output_size)


@torch_api("torch.nn.AdaptiveAvgPool2d")
def adaptive_avg_pool2d_layer(output_size) -> Callable:
    """Means that reduce the last 2 axes to a given size."""
    return functools.partial(adaptive_avg_pool2d, output_size=output_size)


@torch_api("torch.nn.AdaptiveAvgPool3d")
def adaptive_avg_pool3d_layer(output_size) -> Callable:
    """Means that reduce the last 3 axes to a given size."""
    return functools.partial(adaptive_avg_pool3d, output_size=output_size)


@torch_api("torch.nn.AdaptiveMaxPool1d")
def adaptive_max_pool1d_layer(output_size, return_indices=False) -> Callable:
    """Maxima that reduce the last axis to a given size."""
    return functools.partial(
        adaptive_max_pool1d, output_size=output_size, return_indices=return_indices
    )


@torch_api("torch.nn.AdaptiveMaxPool2d")
def adaptive_max_pool2d_layer(output_size, return_indices=False) -> Callable:
    """Maxima that reduce the last 2 axes to a given size."""
    return functools.partial(
        adaptive_max_pool2d, output_size=output_size, return_indices=return_indices
    )


@torch_api("torch.nn.AdaptiveMaxPool3d")
def adaptive_max_pool3d_layer(output_size, return_indices=False) -> Callable:
    """Maxima that reduce the last 3 axes to a given size."""
    return functools.partial(
        adaptive_max_pool3d, output_size=output_size, return_indices=return_indices
    )


@torch_api("torch.nn.MaxUnpool1d")
def max_unpool1d_layer(kernel_size, stride=None, padding=0) -> Callable:
    """Maxima back at the places that they came from."""
    return functools.partial(max_unpool1d, kernel_size=kernel_size, stride=stride, padding=padding)


@torch_api("torch.nn.MaxUnpool2d")
def max_unpool2d_layer(kernel_size, stride=None, padding=0) -> Callable:
    """Maxima back at the places that they came from."""
    return functools.partial(max_unpool2d, kernel_size=kernel_size, stride=stride, padding=padding)


@torch_api("torch.nn.MaxUnpool3d")
def max_unpool3d_layer(kernel_size, stride=None, padding=0) -> Callable:
    """Maxima back at the places that they came from."""
    return functools.partial(max_unpool3d, kernel_size=kernel_size, stride=stride, padding=padding)
