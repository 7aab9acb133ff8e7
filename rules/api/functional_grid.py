"""torch.nn.functional: sampling at given places."""

import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from tojax.rules.api import torch_api

from .functional_activation import hardtanh
from .functional_resize import cubic_weights, linear_weights


def grid_coordinates(size, align_corners, dtype):
    """The places of `size` elements between -1 and 1."""
    if align_corners:
        return jnp.linspace(-1, 1, size, dtype=dtype) if size > 1 else jnp.zeros(1, dtype)
    return jnp.asarray((2 * np.arange(size) + 1) / size - 1, dtype)


@torch_api("torch.nn.functional.affine_grid")
def affine_grid(theta: Array, size, align_corners=None) -> Array:
    """The grid (N, *spatial, rank) of affine maps theta (N, rank, rank + 1).

    `size` is (N, C, *spatial).
    """
    axes = [grid_coordinates(count, align_corners, theta.dtype) for count in size[2:]]
    places = jnp.meshgrid(*axes, indexing="ij")[::-1]  # x comes first, the last axis
    homogeneous = jnp.stack([*places, jnp.ones_like(places[0])], axis=-1)
    return jnp.einsum("...j,nij->n...i", homogeneous, theta)


def unnormalise(place, size, align_corners):
    """From -1..1 to 0..size - 1."""
    return (place + 1) / 2 * (size - 1) if align_corners else ((place + 1) * size - 1) / 2


def reflect(place, low, high):
    """Fold a coordinate back into low..high."""
    if low == high:
        return jnp.zeros_like(place)
    span = high - low
    distance = jnp.abs(place - low)
    turns = jnp.floor(distance / span)
    rest = distance - turns * span
    return jnp.where(turns % 2 == 0, rest + low, high - rest)


def into_range(place, size, padding_mode, align_corners):
    """Move coordinates outside the axis as `padding_mode` says."""
    if padding_mode == "reflection":
        margin = 0 if align_corners else 0.5
        place = reflect(place, -margin, size - 1 + margin)
    return place if padding_mode == "zeros" else hardtanh(place, 0, size - 1)


def gather(x, indices):
    """x (C, *spatial) at integer coordinates, one array per axis; zero outside."""
    sizes = x.shape[1:]
    inside = math.prod(
        (index >= 0) & (index < size) for index, size in zip(indices, sizes, strict=True)
    )
    clipped = [
        index.clip(0, size - 1).astype(int) for index, size in zip(indices, sizes, strict=True)
    ]
    return jnp.where(inside, x[(slice(None), *clipped)], 0)


def sample(x, places, mode, padding_mode, align_corners):
    """x (C, *spatial) at coordinates given by one array per spatial axis."""
    sizes = x.shape[1:]

    def bounded(place, size):
        return into_range(place, size, padding_mode, align_corners)

    places = [
        unnormalise(place, size, align_corners) for place, size in zip(places, sizes, strict=True)
    ]
    if mode != "bicubic":
        places = [bounded(place, size) for place, size in zip(places, sizes, strict=True)]
    if mode == "nearest":
        return gather(x, [jnp.round(place) for place in places])
    firsts = [jnp.floor(place) for place in places]
    weigh, before = (cubic_weights, 1) if mode == "bicubic" else (linear_weights, 0)
    neighbours = []
    for place, first, size in zip(places, firsts, sizes, strict=True):
        taps = [first - before + offset for offset, _ in enumerate(weigh(place))]
        if mode == "bicubic":
            taps = [bounded(tap, size) for tap in taps]
        neighbours.append(zip(taps, weigh(place - first), strict=True))
    total = 0
    for corner in itertools.product(*neighbours):
        taps, weights = zip(*corner, strict=True)
        total = total + gather(x, taps) * math.prod(weights)
    return total


@torch_api("torch.nn.functional.grid_sample")
def grid_sample(
    input: Array, grid: Array, mode="bilinear", padding_mode="zeros", align_corners=None
) -> Array:
    """Values of (N, C, *spatial) at the places of grid (N, *out, rank), which are -1..1.

    A place lists its coordinates from the last spatial axis to the first.
    """

    def one(x, places):
        axes = jnp.moveaxis(places, -1, 0)[::-1]
        return sample(x, list(axes), mode, padding_mode, align_corners)

    return jax.vmap(one)(input, grid)


@torch_api("torch.grid_sampler", "torch.grid_sampler_2d", "torch.grid_sampler_3d")
def grid_sampler(
    input: Array, grid: Array, interpolation_mode, padding_mode, align_corners
) -> Array:
    """`grid_sample` with numbers for its modes."""
    return grid_sample(
        input,
        grid,
        ("bilinear", "nearest", "bicubic")[interpolation_mode],
        ("zeros", "border", "reflection")[padding_mode],
        align_corners,
    )
