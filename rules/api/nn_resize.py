"""torch.nn: padding, shuffling and resizing, which have no state."""

import functools
from collections.abc import Callable

from tojax.rules.api import torch_api

from .functional_conv import (
    fold,
    unfold,
)
from .functional_resize import (
    channel_shuffle,
    interpolate,
    pad,
    pixel_shuffle,
    pixel_unshuffle,
)


@torch_api("torch.nn.Unfold")
def unfold_layer(kernel_size, dilation=1, padding=0, stride=1) -> Callable:
    """Sliding windows as columns."""
    return functools.partial(
        unfold, kernel_size=kernel_size, dilation=dilation, padding=padding, stride=stride
    )


@torch_api("torch.nn.Fold")
def fold_layer(output_size, kernel_size, dilation=1, padding=0, stride=1) -> Callable:
    """Sum of columns put back as sliding windows."""
    return functools.partial(
        fold,
        output_size=output_size,
        kernel_size=kernel_size,
        dilation=dilation,
        padding=padding,
        stride=stride,
    )


@torch_api("torch.nn.PixelShuffle")
def pixel_shuffle_layer(upscale_factor) -> Callable:
    """Channels to pixels."""
    return functools.partial(pixel_shuffle, upscale_factor=upscale_factor)


@torch_api("torch.nn.PixelUnshuffle")
def pixel_unshuffle_layer(downscale_factor) -> Callable:
    """Pixels to channels."""
    return functools.partial(pixel_unshuffle, downscale_factor=downscale_factor)


@torch_api("torch.nn.ChannelShuffle")
def channel_shuffle_layer(groups) -> Callable:
    """Interleaves groups of channels."""
    return functools.partial(channel_shuffle, groups=groups)


@torch_api("torch.nn.Upsample")
def interpolate_layer(
    size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None
) -> Callable:
    """Resizes the spatial axes."""
    return functools.partial(
        interpolate,
        size=size,
        scale_factor=scale_factor,
        mode=mode,
        align_corners=align_corners,
        recompute_scale_factor=recompute_scale_factor,
    )


@torch_api("torch.nn.UpsamplingNearest2d")
def upsample_nearest_layer(size=None, scale_factor=None) -> Callable:
    """Resizes the spatial axes to the nearest pixels."""
    return functools.partial(interpolate, size=size, scale_factor=scale_factor)


@torch_api("torch.nn.UpsamplingBilinear2d")
def upsample_bilinear_layer(size=None, scale_factor=None) -> Callable:
    """Resizes the spatial axes, corner pixels staying in the corners."""
    return functools.partial(
        interpolate, size=size, scale_factor=scale_factor, mode="bilinear", align_corners=True
    )


@torch_api("torch.nn.ZeroPad1d")
def zero_pad1d_layer(padding) -> Callable:
    """Continues the last axis by zeros."""
    padding = (padding,) * 2 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding)


@torch_api("torch.nn.ZeroPad2d")
def zero_pad2d_layer(padding) -> Callable:
    """Continues the last 2 axes by zeros."""
    padding = (padding,) * 4 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding)


@torch_api("torch.nn.ZeroPad3d")
def zero_pad3d_layer(padding) -> Callable:
    """Continues the last 3 axes by zeros."""
    padding = (padding,) * 6 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding)


@torch_api("torch.nn.ConstantPad1d")
def constant_pad1d_layer(padding, value) -> Callable:
    """Continues the last axis by a value."""
    padding = (padding,) * 2 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, value=value)


@torch_api("torch.nn.ConstantPad2d")
def constant_pad2d_layer(padding, value) -> Callable:
    """Continues the last 2 axes by a value."""
    padding = (padding,) * 4 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, value=value)


@torch_api("torch.nn.ConstantPad3d")
def constant_pad3d_layer(padding, value) -> Callable:
    """Continues the last 3 axes by a value."""
    padding = (padding,) * 6 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, value=value)


@torch_api("torch.nn.ReflectionPad1d")
def reflection_pad1d_layer(padding) -> Callable:
    """Continues the last axis by reflections."""
    padding = (padding,) * 2 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="reflect")


@torch_api("torch.nn.ReflectionPad2d")
def reflection_pad2d_layer(padding) -> Callable:
    """Continues the last 2 axes by reflections."""
    padding = (padding,) * 4 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="reflect")


@torch_api("torch.nn.ReflectionPad3d")
def reflection_pad3d_layer(padding) -> Callable:
    """Continues the last 3 axes by reflections."""
    padding = (padding,) * 6 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="reflect")


@torch_api("torch.nn.ReplicationPad1d")
def replication_pad1d_layer(padding) -> Callable:
    """Continues the last axis by copies of the border."""
    padding = (padding,) * 2 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="replicate")


@torch_api("torch.nn.ReplicationPad2d")
def replication_pad2d_layer(padding) -> Callable:
    """Continues the last 2 axes by copies of the border."""
    padding = (padding,) * 4 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="replicate")


@torch_api("torch.nn.ReplicationPad3d")
def replication_pad3d_layer(padding) -> Callable:
    """Continues the last 3 axes by copies of the border."""
    padding = (padding,) * 6 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="replicate")


@torch_api("torch.nn.CircularPad1d")
def circular_pad1d_layer(padding) -> Callable:
    """Continues the last axis by the opposite side."""
    padding = (padding,) * 2 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="circular")


@torch_api("torch.nn.CircularPad2d")
def circular_pad2d_layer(padding) -> Callable:
    """Continues the last 2 axes by the opposite side."""
    padding = (padding,) * 4 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="circular")


@torch_api("torch.nn.CircularPad3d")
def circular_pad3d_layer(padding) -> Callable:
    """Continues the last 3 axes by the opposite side."""
    padding = (padding,) * 6 if isinstance(padding, int) else padding
    return functools.partial(pad, pad=padding, mode="circular")
