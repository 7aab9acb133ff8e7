import math

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax


class _Conv(nnx.Module):
    """Convolution of (N, C, *spatial) or (C, *spatial) arrays."""

    spatial_dims = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        padding: int | str | tuple[int, ...] = 0,
        dilation: int | tuple[int, ...] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        rank = self.spatial_dims
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = per_axis(kernel_size, rank)
        self.stride = per_axis(stride, rank)
        self.padding = padding if isinstance(padding, str) else per_axis(padding, rank)
        self.dilation = per_axis(dilation, rank)
        self.groups = groups
        self.padding_mode = padding_mode
        shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = nnx.Param(kernel_init(rngs.params(), shape))
        self.bias = (
            nnx.Param(bias_from(bias_init, rngs.params(), shape, out_channels)) if bias else None
        )

    def __call__(self, x: Array) -> Array:
        padding = self.padding
        if self.padding_mode != "zeros":
            x = self._pad(x)
            padding = 0
        bias = None if self.bias is None else self.bias[...]
        return convolve(x, self.weight[...], bias, self.stride, padding, self.dilation, self.groups)

    def _pad(self, x: Array) -> Array:
        """Continue the input by itself instead of by zeros."""
        if self.padding == "same":
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            margins = [(total // 2, total - total // 2) for total in totals]
        elif self.padding == "valid":
            margins = [(0, 0)] * self.spatial_dims
        else:
            margins = [(size, size) for size in self.padding]
        mode = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}[self.padding_mode]
        return jnp.pad(x, [(0, 0)] * (x.ndim - self.spatial_dims) + margins, mode=mode)


def per_axis(value, count):
    """One number per spatial axis."""
    if isinstance(value, int):
        return (value,) * count
    return tuple(value) * count if len(value) == 1 else tuple(value)


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


def add_bias(x, bias, rank):
    """Add one number per channel; the channel axis is followed by `rank` spatial axes."""
    return x if bias is None else x + bias.reshape(-1, *(1,) * rank)


def bias_from(init: nnx.Initializer, key: Array, shape: tuple[int, ...], count: int) -> Array:
    """``count`` biases, drawn as entries of a weight so that its fan-in can scale them too."""
    return init(key, shape).ravel()[:count]


class Conv2d(_Conv):
    """Convolution of (N, C, H, W) arrays."""

    spatial_dims = 2


class Head(nnx.Module):
    def __init__(self, anchors, classes, *, rngs: nnx.Rngs):
        self.anchors = anchors
        self.convs = nnx.List(Conv2d(8, anchors * classes, 1, rngs=rngs) for _ in range(2))

    def replaced(self, strides):
        for conv, s in zip(self.convs, strides):
            b = conv.bias[...].reshape(self.anchors, -1)
            b = b.at[:, 1].add(math.log(8 / (640 / s) ** 2))
            conv.bias = nnx.data(nnx.Param(jax.lax.stop_gradient(b.reshape(-1))))

    def replaced_below(self):
        for conv in self.convs:
            b = conv.bias[...].reshape(self.anchors, -1)
            b = b.at[:, 1].add(0.1)
            conv.bias = nnx.data(nnx.Param(jax.lax.stop_gradient(b.reshape(-1))))

    def sometimes(self, again):
        for conv in self.convs:
            b = conv.bias[...].reshape(self.anchors, -1)
            jax.lax.stop_gradient(b)[:, 1] += 0.1  # TODO(tojax): TJ203 writes through a view of 'conv.bias', which is used again
            if again:
                conv.bias = nnx.data(nnx.Param(jax.lax.stop_gradient(b.reshape(-1))))

    def read_before(self):
        for conv in self.convs:
            b = conv.bias[...].reshape(self.anchors, -1)
            jax.lax.stop_gradient(b)[:, 1] += 0.1  # TODO(tojax): TJ203 writes through a view of 'conv.bias', which is used again
            total = jnp.sum(conv.bias[...])
            conv.bias = nnx.data(nnx.Param(jax.lax.stop_gradient(b.reshape(-1) + total)))

    def kept(self):
        for conv in self.convs:
            b = conv.bias[...].reshape(self.anchors, -1)
            jax.lax.stop_gradient(b)[:, 1] += 0.1  # TODO(tojax): TJ203 writes through a view of 'self.convs', which is used again
