"""torch.nn: convolutions."""

import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_conv import convolve, convolve_transposed, per_axis
from .nn_initial import bias_from, uniform_weight


@torch_api("torch.nn.modules.conv._ConvNd")
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


@torch_api("torch.nn.Conv1d", kernel_init=uniform_weight, bias_init=uniform_weight)
class Conv1d(_Conv):
    """Convolution of (N, C, L) arrays."""


@torch_api("torch.nn.Conv2d", kernel_init=uniform_weight, bias_init=uniform_weight)
class Conv2d(_Conv):
    """Convolution of (N, C, H, W) arrays."""

    spatial_dims = 2


@torch_api("torch.nn.Conv3d", kernel_init=uniform_weight, bias_init=uniform_weight)
class Conv3d(_Conv):
    """Convolution of (N, C, D, H, W) arrays."""

    spatial_dims = 3


@torch_api("torch.nn.modules.conv._ConvTransposeNd")
class _ConvTranspose(nnx.Module):
    """Transposed convolution of (N, C, *spatial) or (C, *spatial) arrays."""

    spatial_dims = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        padding: int | tuple[int, ...] = 0,
        output_padding: int | tuple[int, ...] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | tuple[int, ...] = 1,
        padding_mode: str = "zeros",
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=0, out_axis=1),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        rank = self.spatial_dims
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = per_axis(kernel_size, rank)
        self.stride = per_axis(stride, rank)
        self.padding = per_axis(padding, rank)
        self.output_padding = per_axis(output_padding, rank)
        self.dilation = per_axis(dilation, rank)
        self.groups = groups
        self.padding_mode = padding_mode
        shape = (in_channels, out_channels // groups, *self.kernel_size)
        self.weight = nnx.Param(kernel_init(rngs.params(), shape))
        self.bias = (
            nnx.Param(bias_from(bias_init, rngs.params(), shape, out_channels)) if bias else None
        )

    def __call__(self, x: Array, output_size: tuple[int, ...] | None = None) -> Array:
        output_padding = self.output_padding
        if output_size is not None:
            output_padding = self._missing(x.shape, output_size)
        return convolve_transposed(
            x,
            self.weight[...],
            None if self.bias is None else self.bias[...],
            self.stride,
            self.padding,
            output_padding,
            self.groups,
            self.dilation,
        )

    def _missing(self, shape: tuple[int, ...], output_size: tuple[int, ...]) -> tuple[int, ...]:
        """By how much ``output_size`` exceeds the smallest possible size."""
        rank = self.spatial_dims
        axes = zip(
            output_size[-rank:],
            shape[-rank:],
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            strict=True,
        )
        return tuple(
            wanted - ((size - 1) * stride - 2 * padding + dilation * (window - 1) + 1)
            for wanted, size, window, stride, padding, dilation in axes
        )


@torch_api("torch.nn.ConvTranspose1d", kernel_init=uniform_weight, bias_init=uniform_weight)
class ConvTranspose1d(_ConvTranspose):
    """Transposed convolution of (N, C, L) arrays."""


@torch_api("torch.nn.ConvTranspose2d", kernel_init=uniform_weight, bias_init=uniform_weight)
class ConvTranspose2d(_ConvTranspose):
    """Transposed convolution of (N, C, H, W) arrays."""

    spatial_dims = 2


@torch_api("torch.nn.ConvTranspose3d", kernel_init=uniform_weight, bias_init=uniform_weight)
class ConvTranspose3d(_ConvTranspose):
    """Transposed convolution of (N, C, D, H, W) arrays."""

    spatial_dims = 3
