"""torch.nn: normalisation layers."""

import functools

import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .functional_norm import group_norm, layer_norm, local_response_norm, rms_norm


@torch_api("torch.nn.LayerNorm", state={"weight": "scale", "bias": "bias"})
def layer_norm_layer(
    normalized_shape,
    eps=1e-5,
    elementwise_affine=True,
    bias=True,
    device=None,
    dtype=None,
    *,
    rngs: nnx.Rngs,
) -> nnx.Module:
    """Normalisation over the last axes."""
    if isinstance(normalized_shape, (tuple, list)):
        if len(normalized_shape) > 1:
            return LayerNorm(
                normalized_shape, eps=eps, elementwise_affine=elementwise_affine, bias=bias
            )
        normalized_shape = normalized_shape[0]
    return nnx.LayerNorm(
        normalized_shape,
        epsilon=eps,
        use_scale=elementwise_affine,
        use_bias=elementwise_affine and bias,
        use_fast_variance=False,
        rngs=rngs,
    )


@torch_api("torch.nn.LayerNorm")
class LayerNorm(nnx.Module):
    """Normalisation over the last axes, which have the shape ``normalized_shape``."""

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ):
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = nnx.Param(jnp.ones(normalized_shape)) if elementwise_affine else None
        self.bias = nnx.Param(jnp.zeros(normalized_shape)) if elementwise_affine and bias else None

    def __call__(self, x: Array) -> Array:
        weight = None if self.weight is None else self.weight[...]
        bias = None if self.bias is None else self.bias[...]
        return layer_norm(x, self.normalized_shape, weight, bias, self.eps)


@torch_api("torch.nn.RMSNorm")
class RMSNorm(nnx.Module):
    """Division by the root of the mean square over the last axes."""

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float | None = None,
        elementwise_affine: bool = True,
    ):
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = nnx.Param(jnp.ones(normalized_shape)) if elementwise_affine else None

    def __call__(self, x: Array) -> Array:
        weight = None if self.weight is None else self.weight[...]
        return rms_norm(x, self.normalized_shape, weight, self.eps)


@torch_api("torch.nn.GroupNorm")
class GroupNorm(nnx.Module):
    """Normalisation of groups of channels, which are axis 1."""

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        bias: bool = True,
    ):
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.weight = nnx.Param(jnp.ones(num_channels)) if affine else None
        self.bias = nnx.Param(jnp.zeros(num_channels)) if affine and bias else None

    def __call__(self, x: Array) -> Array:
        weight = None if self.weight is None else self.weight[...]
        bias = None if self.bias is None else self.bias[...]
        return group_norm(x, self.num_groups, weight, bias, self.eps)


@torch_api("torch.nn.LocalResponseNorm")
def local_response_norm_layer(size, alpha=1e-4, beta=0.75, k=1.0):
    """Division by a power of the mean square over neighbouring channels."""
    return functools.partial(local_response_norm, size=size, alpha=alpha, beta=beta, k=k)


@torch_api("torch.nn.modules.batchnorm._NormBase")
class _RunningNorm(nnx.Module):
    """Scale, shift and running statistics of the channels, which are axis 1."""

    def __init__(
        self,
        num_features: int,
        eps: float,
        momentum: float | None,
        affine: bool,
        track_running_stats: bool,
        bias: bool,
    ):
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.use_running_average = False
        self.weight = nnx.Param(jnp.ones(num_features)) if affine else None
        self.bias = nnx.Param(jnp.zeros(num_features)) if affine and bias else None
        if track_running_stats:
            self.running_mean = nnx.BatchStat(jnp.zeros(num_features))
            self.running_var = nnx.BatchStat(jnp.ones(num_features))
            self.num_batches_tracked = nnx.BatchStat(jnp.zeros((), int))
        else:
            self.running_mean = self.running_var = self.num_batches_tracked = None

    def _statistics(self, x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
        """Mean and variance to normalise by; in training the running ones follow."""
        if self.use_running_average and self.track_running_stats:
            channels = (-1,) + (1,) * (x.ndim - 2)
            return self.running_mean[...].reshape(channels), self.running_var[...].reshape(channels)
        mean = jnp.mean(x, axes, keepdims=True)
        variance = jnp.var(x, axes, keepdims=True)
        count = x.size // mean.size
        if self.track_running_stats and count:  # an empty batch says nothing
            self._track(mean, variance * count / (count - 1), self.momentum)
        return mean, variance

    def _track(self, mean: Array, variance: Array, step: float | Array) -> None:
        """Move the running statistics by ``step`` towards those of the new batch."""
        for running, new in ((self.running_mean, mean), (self.running_var, variance)):
            new = lax.stop_gradient(new).reshape(-1, self.num_features).mean(axis=0)
            running[...] = (1 - step) * running[...] + step * new

    def _normalise(self, x: Array, mean: Array, variance: Array) -> Array:
        x = (x - mean) * lax.rsqrt(variance + self.eps)
        channels = (-1,) + (1,) * (x.ndim - 2)
        if self.weight is not None:
            x = x * self.weight[...].reshape(channels)
        if self.bias is not None:
            x = x + self.bias[...].reshape(channels)
        return x


@torch_api(
    "torch.nn.BatchNorm1d",
    "torch.nn.BatchNorm2d",
    "torch.nn.BatchNorm3d",
    "torch.nn.modules.batchnorm._BatchNorm",
)
class BatchNorm(_RunningNorm):
    """Normalisation of channels (axis 1) over the batch; ``momentum`` weights the new batch."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        bias: bool = True,
    ):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias)

    def __call__(self, x: Array) -> Array:
        return self._normalise(x, *self._statistics(x, (0, *range(2, x.ndim))))

    def _statistics(self, x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
        if self.track_running_stats and not self.use_running_average:
            self.num_batches_tracked[...] += 1
        return super()._statistics(x, axes)

    def _track(self, mean: Array, variance: Array, step: float | None) -> None:
        if step is None:  # the running statistics are those of all batches so far
            step = 1 / self.num_batches_tracked[...]
        super()._track(mean, variance, step)


# The one class stands for all ranks, but for code that tells them apart by their class.


class BatchNorm1d(BatchNorm):
    """Normalisation of the channels of (N, C) or (N, C, L) arrays."""


class BatchNorm2d(BatchNorm):
    """Normalisation of the channels of (N, C, H, W) arrays."""


class BatchNorm3d(BatchNorm):
    """Normalisation of the channels of (N, C, D, H, W) arrays."""


@torch_api("torch.nn.SyncBatchNorm")
def sync_batch_norm(
    num_features,
    eps=1e-5,
    momentum=0.1,
    affine=True,
    track_running_stats=True,
    process_group=None,
    device=None,
    dtype=None,
    *,
    bias=True,
) -> nnx.Module:
    """Plain batch normalisation: a batch that is sharded over devices is one array in JAX."""
    return BatchNorm(
        num_features,
        eps=eps,
        momentum=momentum,
        affine=affine,
        track_running_stats=track_running_stats,
        bias=bias,
    )


@torch_api("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def convert_sync_batchnorm(module, process_group=None):
    """The module itself, for plain batch normalisation does the same."""
    return module


@torch_api("torch.nn.modules.instancenorm._InstanceNorm")
class _InstanceNorm(_RunningNorm):
    """Normalisation of every channel of every sample by itself."""

    spatial_dims = 1

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        *,
        bias: bool = True,
    ):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias)

    def __call__(self, x: Array) -> Array:
        if x.ndim == self.spatial_dims + 1:
            return self(x[None])[0]
        return self._normalise(x, *self._statistics(x, tuple(range(2, x.ndim))))


@torch_api("torch.nn.InstanceNorm1d")
class InstanceNorm1d(_InstanceNorm):
    """Instance normalisation of (N, C, L) or (C, L) arrays."""


@torch_api("torch.nn.InstanceNorm2d")
class InstanceNorm2d(_InstanceNorm):
    """Instance normalisation of (N, C, H, W) or (C, H, W) arrays."""

    spatial_dims = 2


@torch_api("torch.nn.InstanceNorm3d")
class InstanceNorm3d(_InstanceNorm):
    """Instance normalisation of (N, C, D, H, W) or (C, D, H, W) arrays."""

    spatial_dims = 3
