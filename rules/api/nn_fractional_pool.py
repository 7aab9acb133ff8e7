"""Fractional max pooling: windows of fixed size at places drawn at random (arXiv:1412.6071)."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_conv import per_axis


@torch_api("torch.nn.functional.fractional_max_pool2d")
def fractional_max_pool2d(
    input: Array,
    kernel_size,
    output_size=None,
    output_ratio=None,
    return_indices=False,
    _random_samples=None,
    *,
    rngs: nnx.Rngs,
) -> Array:
    """Maxima over windows of the last two axes."""
    pooled = fractional_max_pool2d_with_indices(
        input, kernel_size, output_size, output_ratio, True, _random_samples, rngs=rngs
    )
    return pooled if return_indices else pooled[0]


@torch_api("torch.nn.functional.fractional_max_pool3d")
def fractional_max_pool3d(
    input: Array,
    kernel_size,
    output_size=None,
    output_ratio=None,
    return_indices=False,
    _random_samples=None,
    *,
    rngs: nnx.Rngs,
) -> Array:
    """Maxima over windows of the last three axes."""
    pooled = fractional_max_pool3d_with_indices(
        input, kernel_size, output_size, output_ratio, True, _random_samples, rngs=rngs
    )
    return pooled if return_indices else pooled[0]


@torch_api("torch.nn.functional.fractional_max_pool2d_with_indices")
def fractional_max_pool2d_with_indices(
    input: Array,
    kernel_size,
    output_size=None,
    output_ratio=None,
    return_indices=False,
    _random_samples=None,
    *,
    rngs: nnx.Rngs,
) -> tuple[Array, Array]:
    """Maxima over windows of the last two axes, and where they are in the flattened axes."""
    samples = _samples(input, 2, _random_samples, rngs)
    # PyTorch draws the column first here, but the plane first in three dimensions.
    return _pool(input, kernel_size, output_size, output_ratio, samples[..., ::-1])


@torch_api("torch.nn.functional.fractional_max_pool3d_with_indices")
def fractional_max_pool3d_with_indices(
    input: Array,
    kernel_size,
    output_size=None,
    output_ratio=None,
    return_indices=False,
    _random_samples=None,
    *,
    rngs: nnx.Rngs,
) -> tuple[Array, Array]:
    """Maxima over windows of the last three axes, and where they are in the flattened axes."""
    samples = _samples(input, 3, _random_samples, rngs)
    return _pool(input, kernel_size, output_size, output_ratio, samples)


def _samples(x: Array, rank: int, given: Array | None, rngs: nnx.Rngs) -> Array:
    """One number in [0, 1) for each sample, channel and pooled axis."""
    if given is not None:
        return given
    batch = 1 if x.ndim == rank + 1 else x.shape[0]
    return jax.random.uniform(rngs(), (batch, x.shape[-rank - 1], rank), x.dtype)


def _pool(x: Array, window, size, ratio, samples: Array) -> tuple[Array, Array]:
    """Maxima over windows of the last axes, at places that ``samples`` decide."""
    rank = samples.shape[-1]
    sizes, window = x.shape[-rank:], per_axis(window, rank)
    if size is None:
        ratios = (ratio,) * rank if isinstance(ratio, float) else ratio
        size = [int(n * r) for n, r in zip(sizes, ratios, strict=True)]
    size = per_axis(size, rank)
    batched = x if x.ndim == rank + 2 else x[None]
    samples = samples[: batched.shape[0]]  # PyTorch takes more than it needs
    places = jnp.zeros(samples.shape[:2] + (1,) * (2 * rank), int)
    for axis in range(rank):
        starts = _starts(samples[..., axis], sizes[axis], size[axis], window[axis])
        shape = [1] * (2 * rank)
        shape[axis], shape[rank + axis] = size[axis], window[axis]
        inside = starts[..., None] + jnp.arange(window[axis])
        places = places * sizes[axis] + inside.reshape(*starts.shape[:2], *shape)
    places = places.reshape(*places.shape[: 2 + rank], -1)
    flat = batched.reshape(*batched.shape[:2], -1)
    found = jax.vmap(jax.vmap(lambda row, where: row[where]))(flat, places)
    best = jnp.argmax(found, axis=-1, keepdims=True)
    values = jnp.take_along_axis(found, best, axis=-1)[..., 0]
    indices = jnp.take_along_axis(places, best, axis=-1)[..., 0]
    return (values, indices) if x.ndim == rank + 2 else (values[0], indices[0])


def _starts(sample: Array, size: int, count: int, window: int) -> Array:
    """Where the ``count`` windows of one axis start; the last one ends with the axis."""
    last = jnp.full((*sample.shape, 1), size - window)
    if count == 1:
        return last
    step = (size - window) / (count - 1)
    before = jnp.arange(count - 1)
    offset = (sample * step).astype(int)
    starts = ((before + sample[..., None]) * step).astype(int) - offset[..., None]
    return jnp.concatenate([starts, last], axis=-1)


class _FractionalMaxPool(nnx.Module):
    """Maxima over windows at random places."""

    def __init__(
        self,
        kernel_size: int | tuple[int, ...],
        output_size: int | tuple[int, ...] | None = None,
        output_ratio: float | tuple[float, ...] | None = None,
        return_indices: bool = False,
        _random_samples: Array | None = None,
        *,
        rngs: nnx.Rngs,
    ):
        self.kernel_size = kernel_size
        self.output_size = output_size
        self.output_ratio = output_ratio
        self.return_indices = return_indices
        self._random_samples = None if _random_samples is None else nnx.BatchStat(_random_samples)
        self.rngs = rngs.dropout.fork()

    def _arguments(self) -> tuple:
        samples = None if self._random_samples is None else self._random_samples[...]
        sizes = (self.kernel_size, self.output_size, self.output_ratio)
        return *sizes, self.return_indices, samples


@torch_api("torch.nn.FractionalMaxPool2d")
class FractionalMaxPool2d(_FractionalMaxPool):
    """Fractional max pooling of (N, C, H, W) or (C, H, W) arrays."""

    def __call__(self, x: Array) -> Array:
        return fractional_max_pool2d(x, *self._arguments(), rngs=self.rngs)


@torch_api("torch.nn.FractionalMaxPool3d")
class FractionalMaxPool3d(_FractionalMaxPool):
    """Fractional max pooling of (N, C, D, H, W) or (C, D, H, W) arrays."""

    def __call__(self, x: Array) -> Array:
        return fractional_max_pool3d(x, *self._arguments(), rngs=self.rngs)
