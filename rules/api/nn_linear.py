"""torch.nn: linear layers and layers that only reshape."""

import functools

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array, lax

from tojax.rules.api import torch_api

from .nn_initial import bias_from, uniform_bilinear, uniform_by, uniform_weight


@torch_api("torch.nn.Linear", state={"weight": "kernel.T", "bias": "bias"})
def linear(
    in_features: int,
    out_features: int,
    bias=True,
    device=None,
    dtype=None,
    *,
    init="flax",
    rngs: nnx.Rngs,
) -> nnx.Module:
    """A dense layer."""
    dtype = jnp.float32 if dtype is None else dtype
    kernel = {"kernel_init": uniform_by(in_features)} if init == "torch" else {}
    offset = {"bias_init": uniform_by(in_features)} if init == "torch" and bias else {}
    return nnx.Linear(
        in_features, out_features, use_bias=bias, **kernel, **offset, param_dtype=dtype, rngs=rngs
    )


@torch_api("torch.nn.Linear", kernel_init=uniform_weight, bias_init=uniform_weight)
class Linear(nnx.Module):
    """A dense layer whose weight has shape (out_features, in_features)."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.in_features = in_features
        self.out_features = out_features
        shape = (out_features, in_features)
        self.weight = nnx.Param(kernel_init(rngs.params(), shape))
        self.bias = (
            nnx.Param(bias_from(bias_init, rngs.params(), shape, out_features)) if bias else None
        )

    def __call__(self, x: Array) -> Array:
        y = x @ self.weight[...].T
        return y if self.bias is None else y + self.bias[...]


@torch_api("torch.nn.Bilinear", kernel_init=uniform_bilinear, bias_init=uniform_bilinear)
class Bilinear(nnx.Module):
    """``y[k] = x1 @ weight[k] @ x2 + bias[k]`` over the last axes."""

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(in_axis=1, out_axis=0),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ):
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        shape = (out_features, in1_features, in2_features)
        self.weight = nnx.Param(kernel_init(rngs.params(), shape))
        self.bias = (
            nnx.Param(bias_from(bias_init, rngs.params(), shape, out_features)) if bias else None
        )

    def __call__(self, x1: Array, x2: Array) -> Array:
        y = jnp.einsum("...i,kij,...j->...k", x1, self.weight[...], x2)
        return y if self.bias is None else y + self.bias[...]


@torch_api("torch.nn.Identity")
def identity(*args, **kwargs):
    """The layer that returns its input."""
    return jax.nn.identity


@torch_api("torch.nn.Flatten")
def flatten(start_dim=1, end_dim=-1):
    """The layer that merges a range of axes into one."""
    return functools.partial(
        lax.collapse,
        start_dimension=start_dim,
        stop_dimension=None if end_dim == -1 else end_dim + 1,
    )


@torch_api("torch.nn.Unflatten")
def unflatten(dim, unflattened_size):
    """The layer that splits one axis into several."""
    return functools.partial(_split_axis, axis=dim, sizes=unflattened_size)


def _split_axis(x: Array, axis: int, sizes: tuple[int, ...]) -> Array:
    """Split one axis of ``x`` into axes of the given sizes, one of which may be -1."""
    axis %= x.ndim
    return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])
