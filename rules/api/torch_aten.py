"""torch.ops.aten and torch's private names: what PyTorch's public functions are made of."""

import jax
import jax.numpy as jnp
from jax import Array

from tojax.rules.api import torch_api

from .functional_resize import resample, smoothing_weights


@torch_api("torch.ops.aten.slice", "torch.ops.aten.slice.Tensor")
def slice_(input: Array, dim=0, start=None, end=None, step=1) -> Array:
    """Every `step`-th slice along an axis, from `start` to before `end`."""
    if dim == 0:
        return input[start:end:step]
    if dim == 1:
        return input[:, start:end:step]
    if dim == -1:
        return input[..., start:end:step]
    return input[(slice(None),) * (dim % input.ndim) + (slice(start, end, step),)]


@torch_api("torch.ops.aten._safe_softmax", "torch.ops.aten._safe_softmax.default")
def safe_softmax(self: Array, dim, dtype=None) -> Array:
    """Softmax, zero along an axis that holds nothing but minus infinity."""
    return _safe_softmax(self if dtype is None else self.astype(dtype), dim)


def _safe_softmax(x: Array, axis) -> Array:
    """Softmax, zero where all elements are minus infinity."""
    return jax.nn.softmax(x, axis=axis, where=x > -jnp.inf)


@torch_api("torch._softmax_backward_data", "torch.ops.aten._softmax_backward_data")
def softmax_backward_data(grad_output: Array, output: Array, dim, input_dtype) -> Array:
    """The cotangent of the input of a softmax, from that of its output."""
    return _softmax_pullback(grad_output, output, dim).astype(input_dtype)


def _softmax_pullback(cotangent: Array, y: Array, axis) -> Array:
    """The cotangent of the input of a softmax that gave `y`."""
    return y * (cotangent - jnp.sum(cotangent * y, axis=axis, keepdims=True))


@torch_api(
    "torch.ops.aten.native_dropout_backward", "torch.ops.aten.native_dropout_backward.default"
)
def native_dropout_backward(grad_output: Array, mask: Array, scale) -> Array:
    """The cotangent of the input of a dropout."""
    return grad_output * mask * scale


@torch_api("torch._chunk_cat", "torch.ops.aten._chunk_cat")
def chunk_cat(tensors, dim, num_chunks) -> Array:
    """Arrays padded along an axis, cut there into `num_chunks` rows and joined row by row."""
    return _chunk_cat(tensors, dim, num_chunks)


def _chunk_cat(arrays, axis, parts) -> Array:
    """Arrays padded along an axis, cut there into rows and joined row by row."""
    axis %= arrays[0].ndim
    rows = []
    for x in arrays:
        margins = [(0, 0)] * x.ndim
        margins[axis] = (0, -x.shape[axis] % parts)
        rows.append(jnp.pad(x, margins).reshape(*x.shape[:axis], parts, -1))
    return jnp.concatenate(rows, axis=axis + 1)


@torch_api("torch._unsafe_masked_index", "torch.ops.aten._unsafe_masked_index")
def unsafe_masked_index(input: Array, mask: Array, indices, fill) -> Array:
    """The elements at `indices` where the mask is true, else `fill`."""
    return _masked_index(input, mask, indices, fill)


def _masked_index(x: Array, mask: Array, indices, fill) -> Array:
    """The elements at `indices` where the mask is true, else `fill`."""
    places = tuple(slice(None) if index is None else index for index in indices)
    found = x.at[places].get(mode="clip")
    return jnp.where(mask.reshape(mask.shape + (1,) * (found.ndim - mask.ndim)), found, fill)


@torch_api(
    "torch._unsafe_masked_index_put_accumulate",
    "torch.ops.aten._unsafe_masked_index_put_accumulate",
)
def unsafe_masked_index_put_accumulate(input: Array, mask: Array, indices, values: Array) -> Array:
    """The array with `values` added at `indices` where the mask is true."""
    return _add_masked(input, mask, indices, values)


def _add_masked(x: Array, mask: Array, indices, values: Array) -> Array:
    """The array with `values` added at `indices` where the mask is true."""
    places = tuple(
        slice(None) if index is None else jnp.clip(index, -size, size - 1)
        for index, size in zip(indices, x.shape, strict=False)
    )
    kept = jnp.where(mask.reshape(mask.shape + (1,) * (values.ndim - mask.ndim)), values, 0)
    return x.at[places].add(kept)


@torch_api("torch.ops.aten._upsample_bilinear2d_aa")
def upsample_bilinear2d_aa(
    input: Array, output_size, align_corners, scales_h=None, scales_w=None, *, scale_factors=None
) -> Array:
    """Resize (N, C, H, W) linearly without aliasing, to a size or by two factors."""
    scales = (scales_h, scales_w) if scale_factors is None else scale_factors
    for axis, scale in zip((2, 3), scales, strict=True):
        size = input.shape[axis]
        count = int(size * scale) if output_size is None else output_size[axis - 2]
        ratio = size / count if scale is None else 1 / scale
        weights = smoothing_weights(size, count, ratio, "bilinear", align_corners)
        input = resample(input, axis, weights)
    return input


@torch_api("torch.segment_reduce", "torch._segment_reduce", "torch.ops.aten.segment_reduce")
def segment_reduce(
    data: Array,
    reduce,
    *,
    lengths=None,
    indices=None,
    offsets=None,
    axis=0,
    unsafe=False,
    initial=None,
) -> Array:
    """Reduce consecutive segments along an axis, of given lengths or between given offsets."""
    if indices is not None:
        raise NotImplementedError("segment_reduce(indices=...): use jax.ops.segment_sum")
    return _segment_reduce(data, reduce, lengths, offsets, axis, initial)


def _segment_reduce(x: Array, reduce, lengths, offsets, axis, initial) -> Array:
    """Reduce consecutive segments; an empty one gives `initial`, or what reduces nothing."""
    axis %= x.ndim
    if offsets is None:
        offsets = jnp.cumulative_sum(lengths, axis=-1, include_initial=True)
    place = jnp.arange(x.shape[axis])
    inside = (place >= offsets[..., :-1, None]) & (place < offsets[..., 1:, None])
    inside = inside.reshape(inside.shape + (1,) * (x.ndim - axis - 1))
    rows = jnp.expand_dims(x, axis)
    if reduce in ("sum", "mean"):
        total = jnp.sum(jnp.where(inside, rows, 0), axis + 1) + (0 if initial is None else initial)
        if reduce == "sum":
            return total
        count = jnp.sum(inside, axis + 1)
        nothing = jnp.nan if initial is None else initial
        return jnp.where(count > 0, total / jnp.maximum(count, 1), nothing)
    if reduce == "prod":
        return jnp.prod(jnp.where(inside, rows, 1), axis + 1) * (1 if initial is None else initial)
    if reduce == "max":
        start = -jnp.inf if initial is None else initial
        return jnp.max(jnp.where(inside, rows, -jnp.inf), axis + 1, initial=start)
    start = jnp.inf if initial is None else initial
    return jnp.min(jnp.where(inside, rows, jnp.inf), axis + 1, initial=start)
