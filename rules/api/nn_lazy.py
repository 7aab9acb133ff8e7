"""torch.nn: layers that take the size of their input from the first array they are called with.

As in PyTorch, call the model once before its optimizer is made or a state is loaded.
"""

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .nn_conv import (
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
)
from .nn_initial import uniform_weight
from .nn_linear import Linear
from .nn_norm import BatchNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d


class _Lazy(nnx.Module):
    """Makes the parameters of the layer that it stands before when it is first called."""

    def __init__(self, *args, rngs: nnx.Rngs, **options):
        self.args = args
        self.options = options
        self.rngs = rngs.fork()

    def __call__(self, x: Array, *args) -> Array:
        if not hasattr(self, "weight"):
            super().__init__(self._features(x), *self.args, **self.options, rngs=self.rngs)
        return super().__call__(x, *args)

    def _features(self, x: Array) -> int:
        """The number of channels, for arrays with and without a batch."""
        return x.shape[-1 - self.spatial_dims]


@torch_api("torch.nn.LazyLinear", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyLinear(_Lazy, Linear):
    """A dense layer to ``out_features``, the first argument."""

    def _features(self, x: Array) -> int:
        return x.shape[-1]


@torch_api("torch.nn.LazyConv1d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConv1d(_Lazy, Conv1d):
    """A convolution of (N, C, L) arrays to ``out_channels``, the first argument."""


@torch_api("torch.nn.LazyConv2d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConv2d(_Lazy, Conv2d):
    """A convolution of (N, C, H, W) arrays to ``out_channels``, the first argument."""


@torch_api("torch.nn.LazyConv3d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConv3d(_Lazy, Conv3d):
    """A convolution of (N, C, D, H, W) arrays to ``out_channels``, the first argument."""


@torch_api("torch.nn.LazyConvTranspose1d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConvTranspose1d(_Lazy, ConvTranspose1d):
    """A transposed convolution of (N, C, L) arrays to ``out_channels``, the first argument."""


@torch_api("torch.nn.LazyConvTranspose2d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConvTranspose2d(_Lazy, ConvTranspose2d):
    """A transposed convolution of (N, C, H, W) arrays to ``out_channels``, the first argument."""


@torch_api("torch.nn.LazyConvTranspose3d", kernel_init=uniform_weight, bias_init=uniform_weight)
class LazyConvTranspose3d(_Lazy, ConvTranspose3d):
    """A transposed convolution of (N, C, D, H, W) arrays to ``out_channels``."""


class _LazyNorm(nnx.Module):
    """Makes the parameters of the normalisation that it stands before when it is first called."""

    def __init__(
        self,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
    ):
        self.options = (eps, momentum, affine, track_running_stats)
        self.has_bias = bias
        self.use_running_average = False

    def __call__(self, x: Array) -> Array:
        if not hasattr(self, "weight"):
            evaluates = self.use_running_average
            super().__init__(self._features(x), *self.options, bias=self.has_bias)
            self.use_running_average = evaluates
        return super().__call__(x)

    def _features(self, x: Array) -> int:
        return x.shape[-1 - self.spatial_dims]


@torch_api("torch.nn.LazyBatchNorm1d", "torch.nn.LazyBatchNorm2d", "torch.nn.LazyBatchNorm3d")
class LazyBatchNorm(_LazyNorm, BatchNorm):
    """Normalisation of channels (axis 1) over the batch."""

    def _features(self, x: Array) -> int:
        return x.shape[1]


@torch_api("torch.nn.LazyInstanceNorm1d")
class LazyInstanceNorm1d(_LazyNorm, InstanceNorm1d):
    """Instance normalisation of (N, C, L) or (C, L) arrays."""


@torch_api("torch.nn.LazyInstanceNorm2d")
class LazyInstanceNorm2d(_LazyNorm, InstanceNorm2d):
    """Instance normalisation of (N, C, H, W) or (C, H, W) arrays."""


@torch_api("torch.nn.LazyInstanceNorm3d")
class LazyInstanceNorm3d(_LazyNorm, InstanceNorm3d):
    """Instance normalisation of (N, C, D, H, W) or (C, D, H, W) arrays."""
