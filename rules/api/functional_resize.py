"""torch.nn.functional: padding, shuffling and resizing of (N, C, *spatial)."""

import math

import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api

from .functional_adaptive_pool import adaptive_avg_pool
from .functional_conv import per_axis


@torch_api("torch.nn.functional.pad")
def pad(input: Array, pad, mode="constant", value=None) -> Array:
    """Pad by (before, after) of the last axis, of the last but one, ...; negative sizes crop."""
    spare = input.ndim - len(pad) // 2
    margins = [(0, 0)] * spare + list(zip(pad[::2], pad[1::2], strict=True))[::-1]
    crop = tuple(slice(max(-before, 0), after if after < 0 else None) for before, after in margins)
    margins = [(max(before, 0), max(after, 0)) for before, after in margins]
    if mode == "circular":
        return jnp.pad(input[crop], margins, mode="wrap")
    if mode == "constant":
        return jnp.pad(input, margins, constant_values=0 if value is None else value)[crop]
    return jnp.pad(input, margins, mode="edge" if mode == "replicate" else mode)[crop]


@torch_api("torch.constant_pad_nd")
def constant_pad_nd(input: Array, padding, value=0) -> Array:
    """Pad by (before, after) of the last axis, of the last but one, ...; negative sizes crop."""
    return pad(input, padding, value=value)


@torch_api("torch.nn.functional.pixel_shuffle", "torch.pixel_shuffle")
def pixel_shuffle(input: Array, upscale_factor) -> Array:
    """(*, C * r * r, H, W) to (*, C, H * r, W * r)."""
    *lead, channels, height, width = input.shape
    r = upscale_factor
    x = input.reshape(*lead, channels // r**2, r, r, height, width)
    x = jnp.moveaxis(x, (-4, -3), (-3, -1))
    return x.reshape(*lead, channels // r**2, height * r, width * r)


@torch_api("torch.nn.functional.pixel_unshuffle", "torch.pixel_unshuffle")
def pixel_unshuffle(input: Array, downscale_factor) -> Array:
    """(*, C, H * r, W * r) to (*, C * r * r, H, W)."""
    *lead, channels, height, width = input.shape
    r = downscale_factor
    x = input.reshape(*lead, channels, height // r, r, width // r, r)
    x = jnp.moveaxis(x, (-3, -1), (-4, -3))
    return x.reshape(*lead, channels * r**2, height // r, width // r)


@torch_api(
    "torch.nn.functional.channel_shuffle",
    "torch.nn.functional.native_channel_shuffle",
    "torch.channel_shuffle",
)
def channel_shuffle(input: Array, groups) -> Array:
    """Interleave the `groups` groups of channels of (N, C, *spatial)."""
    x = input.reshape(input.shape[0], groups, -1, *input.shape[2:])
    return x.swapaxes(1, 2).reshape(input.shape)


def nearest_index(size, count, ratio, exact):
    """Which of `size` elements each of `count` new ones takes, `ratio` old ones apart."""
    places = np.arange(count, dtype=np.float32) + np.float32(0.5 if exact else 0)
    return np.minimum(np.floor(places * np.float32(ratio)).astype(int), size - 1)


def sample_positions(size, count, ratio, align_corners):
    """Where each of `count` new elements lies between `size` old ones, `ratio` apart."""
    if align_corners:
        return np.arange(count) * ((size - 1) / (count - 1) if count > 1 else 0)
    return (np.arange(count) + 0.5) * ratio - 0.5


def linear_weights(fraction):
    """Weights of the two neighbours at 0 and 1."""
    return [1 - fraction, fraction]


def cubic_weights(fraction):
    """Weights of the four neighbours at -1, 0, 1 and 2 (Keys' kernel with a = -0.75)."""
    a, t, s = -0.75, fraction, 1 - fraction

    def near(d):
        return ((a + 2) * d - (a + 3)) * d * d + 1

    def far(d):
        return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a

    return [far(t + 1), near(t), near(s), far(s + 1)]


def blend(x, axis, first, weights):
    """Weighted sum of neighbours along an axis, from index `first` on; the edges continue."""
    size = x.shape[axis]
    shape = (-1, *(1,) * (x.ndim - axis - 1))
    return sum(
        jnp.take(x, (first + offset).clip(0, size - 1), axis=axis)
        * weight.reshape(shape).astype(x.dtype)
        for offset, weight in enumerate(weights)
    )


def smoothing_weights(size, count, ratio, mode, align_corners):
    """The share of each of `size` elements in each of `count` new ones, without aliasing.

    The kernel is as wide as the distance of the new elements, as in PIL.
    """
    if align_corners:
        ratio = (size - 1) / (count - 1) if count > 1 else 0
    centres = (np.arange(count) + 0.5) * ratio
    distance = np.abs(np.arange(size) + 0.5 - centres[:, None]) / max(ratio, 1)
    if mode == "bicubic":  # Keys' kernel with a = -0.5
        near = (1.5 * distance - 2.5) * distance**2 + 1
        far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
        weights = np.where(distance < 1, near, np.where(distance < 2, far, 0))
    else:
        weights = np.maximum(1 - distance, 0)
    return weights / weights.sum(1, keepdims=True)


def resample(x, axis, weights):
    """New elements along an axis, as weighted sums of the old ones."""
    rows = jnp.moveaxis(x, axis, -1) @ jnp.asarray(weights.T, x.dtype)
    return jnp.moveaxis(rows, -1, axis)


@torch_api("torch.nn.functional.interpolate", "torch.nn.functional.upsample")
def interpolate(
    input: Array,
    size=None,
    scale_factor=None,
    mode="nearest",
    align_corners=None,
    recompute_scale_factor=None,
    antialias=False,
) -> Array:
    """Resize the spatial axes of (N, C, *spatial) to `size`, or by `scale_factor`."""
    if mode == "lanczos":
        raise NotImplementedError('interpolate(mode="lanczos") is not supported')
    rank = input.ndim - 2
    old = input.shape[2:]
    ratios = None
    if size is not None:
        new = per_axis(size, rank)
    else:
        scales = (scale_factor,) * rank if isinstance(scale_factor, (int, float)) else scale_factor
        new = [math.floor(count * scale) for count, scale in zip(old, scales, strict=True)]
        if not recompute_scale_factor:
            ratios = [1 / scale for scale in scales]
    if mode == "area":
        return adaptive_avg_pool(input, tuple(new), rank)
    if ratios is None:
        ratios = [before / after for before, after in zip(old, new, strict=True)]
    x = input
    for axis, (before, after, ratio) in enumerate(zip(old, new, ratios, strict=True), start=2):
        if antialias:
            x = resample(x, axis, smoothing_weights(before, after, ratio, mode, align_corners))
        elif mode in ("nearest", "nearest-exact"):
            x = jnp.take(x, nearest_index(before, after, ratio, mode != "nearest"), axis=axis)
        elif mode == "bicubic":
            place = sample_positions(before, after, ratio, align_corners)
            first = np.floor(place).astype(int)
            x = blend(x, axis, first - 1, cubic_weights(place - first))
        else:
            place = np.maximum(sample_positions(before, after, ratio, align_corners), 0)
            first = np.floor(place).astype(int)
            x = blend(x, axis, first, linear_weights(place - first))
    return x


@torch_api("torch.nn.functional.upsample_nearest")
def upsample_nearest(input: Array, size=None, scale_factor=None) -> Array:
    """Resize the spatial axes of (N, C, *spatial) by repeating elements."""
    return interpolate(input, size, scale_factor, mode="nearest")


@torch_api("torch.nn.functional.upsample_bilinear")
def upsample_bilinear(input: Array, size=None, scale_factor=None) -> Array:
    """Resize the spatial axes of (N, C, H, W) linearly, keeping the corners in place."""
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)
