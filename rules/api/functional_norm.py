"""torch.nn.functional: normalisation, channels first as in PyTorch."""

import math

import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api


def standardise(x, axes, eps):
    """Zero mean and unit variance over `axes`."""
    centred = x - jnp.mean(x, axis=axes, keepdims=True)
    variance = jnp.mean(jnp.square(centred), axis=axes, keepdims=True)
    return centred * lax.rsqrt(variance + eps)


def _last_axes(count: int):
    return -1 if count == 1 else tuple(range(-count, 0))


def scale_and_shift(x, weight, bias):
    """The affine map at the end of a normalisation; weight and bias may be None."""
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def channelwise(vector, ndim):
    """A vector of channels, or None, shaped to broadcast over (N, C, *spatial)."""
    return None if vector is None else vector.reshape(-1, *(1,) * (ndim - 2))


@torch_api("torch.nn.functional.layer_norm", "torch.layer_norm")
def layer_norm(
    input: Array, normalized_shape, weight=None, bias=None, eps=1e-5, cudnn_enable=True
) -> Array:
    """Normalise the last `len(normalized_shape)` axes."""
    axes = _last_axes(len(normalized_shape))
    return scale_and_shift(standardise(input, axes, eps), weight, bias)


@torch_api("torch.native_layer_norm")
def native_layer_norm(
    input: Array, normalized_shape, weight, bias, eps
) -> tuple[Array, Array, Array]:
    """Normalised last axes, their mean and the inverse of their standard deviation."""
    axes = _last_axes(len(normalized_shape))
    mean, scale = jnp.mean(input, axis=axes, keepdims=True), inverse_deviation(input, axes, eps)
    return scale_and_shift((input - mean) * scale, weight, bias), mean, scale


def inverse_deviation(x, axes, eps):
    """One over the standard deviation over `axes`, which stay with size 1."""
    return lax.rsqrt(jnp.var(x, axis=axes, keepdims=True) + eps)


@torch_api("torch.nn.functional.rms_norm", "torch.rms_norm")
def rms_norm(input: Array, normalized_shape, weight=None, eps=None) -> Array:
    """Divide by the root of the mean square over the last `len(normalized_shape)` axes."""
    axes = _last_axes(len(normalized_shape))
    eps = jnp.finfo(input.dtype).eps if eps is None else eps
    y = input * lax.rsqrt(jnp.mean(jnp.square(input), axis=axes, keepdims=True) + eps)
    return y if weight is None else y * weight


@torch_api("torch.nn.functional.group_norm", "torch.group_norm")
def group_norm(
    input: Array, num_groups, weight=None, bias=None, eps=1e-5, cudnn_enabled=True
) -> Array:
    """Normalise each of `num_groups` groups of channels of (N, C, *spatial)."""
    groups = input.reshape(input.shape[0], num_groups, math.prod(input.shape[1:]) // num_groups)
    return scale_and_shift(
        standardise(groups, -1, eps).reshape(input.shape),
        channelwise(weight, input.ndim),
        channelwise(bias, input.ndim),
    )


@torch_api("torch.native_group_norm")
def native_group_norm(
    input: Array, weight, bias, N, C, HxW, group, eps
) -> tuple[Array, Array, Array]:
    """Normalised groups of channels, their mean and the inverse of their standard deviation."""
    groups = input.reshape(N, group, C // group * HxW)
    mean, scale = jnp.mean(groups, axis=-1, keepdims=True), inverse_deviation(groups, -1, eps)
    y = ((groups - mean) * scale).reshape(input.shape)
    y = scale_and_shift(y, channelwise(weight, input.ndim), channelwise(bias, input.ndim))
    return y, mean[..., 0], scale[..., 0]


def follow(running: nnx.Variable, new: Array, momentum) -> None:
    """Move running statistics towards new ones, which are averaged over samples if need be."""
    new = lax.stop_gradient(new).reshape(-1, running.size).mean(axis=0)
    running[...] = (1 - momentum) * running[...] + momentum * new


@torch_api("torch.nn.functional.batch_norm")
def batch_norm(
    input: Array,
    running_mean: nnx.Variable | Array | None,
    running_var: nnx.Variable | Array | None,
    weight=None,
    bias=None,
    training=False,
    momentum=0.1,
    eps=1e-5,
) -> Array:
    """Normalise each channel of (N, C, *spatial), by the batch's statistics when training."""
    if training:
        if running_mean is not None:
            if not isinstance(running_mean, nnx.Variable):
                raise NotImplementedError(
                    "batch_norm cannot update running_mean and running_var in place; "
                    "keep them as buffers of a module"
                )
            axes = (0, *range(2, input.ndim))
            follow(running_mean, jnp.mean(input, axes), momentum)
            follow(running_var, jnp.var(input, axes, ddof=1), momentum)
        y = standardise(input, (0, *range(2, input.ndim)), eps)
    else:
        y = input - channelwise(running_mean[...], input.ndim)
        y = y * lax.rsqrt(channelwise(running_var[...], input.ndim) + eps)
    return scale_and_shift(y, channelwise(weight, input.ndim), channelwise(bias, input.ndim))


@torch_api("torch.nn.functional.instance_norm")
def instance_norm(
    input: Array,
    running_mean: nnx.Variable | Array | None = None,
    running_var: nnx.Variable | Array | None = None,
    weight=None,
    bias=None,
    use_input_stats=True,
    momentum=0.1,
    eps=1e-5,
) -> Array:
    """Normalise each channel of each sample of (N, C, *spatial)."""
    if use_input_stats:
        if running_mean is not None:
            if not isinstance(running_mean, nnx.Variable):
                raise NotImplementedError(
                    "instance_norm cannot update running_mean and running_var in place; "
                    "keep them as buffers of a module"
                )
            axes = tuple(range(2, input.ndim))
            follow(running_mean, jnp.mean(input, axes), momentum)
            follow(running_var, jnp.var(input, axes, ddof=1), momentum)
        y = standardise(input, tuple(range(2, input.ndim)), eps)
    else:
        y = input - channelwise(running_mean[...], input.ndim)
        y = y * lax.rsqrt(channelwise(running_var[...], input.ndim) + eps)
    return scale_and_shift(y, channelwise(weight, input.ndim), channelwise(bias, input.ndim))


@torch_api("torch.nn.functional.local_response_norm")
def local_response_norm(input: Array, size, alpha=1e-4, beta=0.75, k=1.0) -> Array:
    """Divide (N, C, *spatial) by a power of the mean square over `size` neighbouring channels."""
    lead = (1,) * (input.ndim - 2)
    total = lax.reduce_window(
        jnp.square(input),
        np.zeros((), input.dtype),
        lax.add,
        window_dimensions=(1, size, *lead),
        window_strides=(1,) * input.ndim,
        padding=[(0, 0), (size // 2, (size - 1) // 2)] + [(0, 0)] * len(lead),
    )
    return input / (k + alpha * total / size) ** beta


@torch_api("torch.nn.functional.normalize")
def normalize(input: Array, p=2.0, dim=1, eps=1e-12, out=None) -> Array:
    """Divide by the p-norm along `dim`, or by eps where the norm is smaller."""
    if out is not None:
        raise NotImplementedError("normalize(out=...): JAX arrays cannot be written in place")
    if p == 2:
        square = jnp.sum(jnp.square(input), axis=dim, keepdims=True)
        return input / jnp.sqrt(jnp.maximum(square, eps**2))
    return input / jnp.maximum(vector_norm(input, p, axis=dim, keepdims=True), eps)


def vector_norm(x, p, axis, keepdims=False):
    """The p-norm along `axis`, with gradient zero where it is zero."""
    size = jnp.abs(x)
    if p == 0:
        return jnp.sum(size != 0, axis=axis, keepdims=keepdims).astype(size.dtype)
    if p == 1:
        return jnp.sum(size, axis=axis, keepdims=keepdims)
    if p == math.inf:
        return jnp.max(size, axis=axis, keepdims=keepdims)
    if p == -math.inf:
        return jnp.min(size, axis=axis, keepdims=keepdims)
    total = jnp.sum(size**p, axis=axis, keepdims=keepdims)
    return jnp.where(total == 0, 0, jnp.where(total == 0, 1, total) ** (1 / p))
