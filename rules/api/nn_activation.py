"""torch.nn: activations. Those without parameters are functions."""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .functional_activation import (
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    log_softmax,
    prelu,
    relu6,
    rrelu,
    softmax,
    softmin,
    softplus,
    softshrink,
    tanhshrink,
)
from .functional_activation import threshold as step


@torch_api("torch.nn.ReLU")
def relu_layer(inplace=False) -> Callable:
    return jax.nn.relu


@torch_api("torch.nn.ReLU6")
def relu6_layer(inplace=False) -> Callable:
    return relu6


@torch_api("torch.nn.LeakyReLU")
def leaky_relu_layer(negative_slope=0.01, inplace=False) -> Callable:
    if negative_slope == 0.01:
        return jax.nn.leaky_relu
    return functools.partial(jax.nn.leaky_relu, negative_slope=negative_slope)


@torch_api("torch.nn.ELU")
def elu_layer(alpha=1.0, inplace=False) -> Callable:
    if alpha == 1.0:
        return jax.nn.elu
    return functools.partial(jax.nn.elu, alpha=alpha)


@torch_api("torch.nn.CELU")
def celu_layer(alpha=1.0, inplace=False) -> Callable:
    if alpha == 1.0:
        return jax.nn.celu
    return functools.partial(jax.nn.celu, alpha=alpha)


@torch_api("torch.nn.SELU")
def selu_layer(inplace=False) -> Callable:
    return jax.nn.selu


@torch_api("torch.nn.GELU")
def gelu_layer(approximate="none") -> Callable:
    if approximate == "tanh":
        return jax.nn.gelu
    return functools.partial(jax.nn.gelu, approximate=False)


@torch_api("torch.nn.SiLU")
def silu_layer(inplace=False) -> Callable:
    return jax.nn.silu


@torch_api("torch.nn.Mish")
def mish_layer(inplace=False) -> Callable:
    return jax.nn.mish


@torch_api("torch.nn.Sigmoid")
def sigmoid_layer() -> Callable:
    return jax.nn.sigmoid


@torch_api("torch.nn.LogSigmoid")
def log_sigmoid_layer() -> Callable:
    return jax.nn.log_sigmoid


@torch_api("torch.nn.Tanh")
def tanh_layer() -> Callable:
    return jnp.tanh


@torch_api("torch.nn.Tanhshrink")
def tanhshrink_layer() -> Callable:
    return tanhshrink


@torch_api("torch.nn.Softsign")
def softsign_layer() -> Callable:
    return jax.nn.soft_sign


@torch_api("torch.nn.Softplus")
def softplus_layer(beta=1.0, threshold=20.0) -> Callable:
    if beta == 1.0 and threshold == 20.0:
        return jax.nn.softplus
    return functools.partial(softplus, beta=beta, threshold=threshold)


@torch_api("torch.nn.Hardtanh")
def hardtanh_layer(
    min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None
) -> Callable:
    return functools.partial(
        hardtanh,
        min_val=min_val if min_value is None else min_value,
        max_val=max_val if max_value is None else max_value,
    )


@torch_api("torch.nn.Hardsigmoid")
def hardsigmoid_layer(inplace=False) -> Callable:
    return hardsigmoid


@torch_api("torch.nn.Hardswish")
def hardswish_layer(inplace=False) -> Callable:
    return hardswish


@torch_api("torch.nn.Hardshrink")
def hardshrink_layer(lambd=0.5) -> Callable:
    return functools.partial(hardshrink, lambd=lambd)


@torch_api("torch.nn.Softshrink")
def softshrink_layer(lambd=0.5) -> Callable:
    return functools.partial(softshrink, lambd=lambd)


@torch_api("torch.nn.Threshold")
def threshold_layer(threshold, value, inplace=False) -> Callable:
    return functools.partial(step, threshold=threshold, value=value)


@torch_api("torch.nn.GLU")
def glu_layer(dim=-1) -> Callable:
    if dim == -1:
        return jax.nn.glu
    return functools.partial(jax.nn.glu, axis=dim)


@torch_api("torch.nn.Softmax")
def softmax_layer(dim=None) -> Callable:
    if dim is None:
        return softmax
    if dim == -1:
        return jax.nn.softmax
    return functools.partial(jax.nn.softmax, axis=dim)


@torch_api("torch.nn.Softmax2d")
def softmax2d_layer() -> Callable:
    return functools.partial(jax.nn.softmax, axis=-3)


@torch_api("torch.nn.LogSoftmax")
def log_softmax_layer(dim=None) -> Callable:
    if dim is None:
        return log_softmax
    if dim == -1:
        return jax.nn.log_softmax
    return functools.partial(jax.nn.log_softmax, axis=dim)


@torch_api("torch.nn.Softmin")
def softmin_layer(dim=None) -> Callable:
    return functools.partial(softmin, dim=dim)


@torch_api("torch.nn.PReLU")
class PReLU(nnx.Module):
    """Leaky ReLU with one learnt slope, or one per channel (axis 1)."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25):
        self.num_parameters = num_parameters
        self.weight = nnx.Param(jnp.full(num_parameters, init))

    def __call__(self, x: Array) -> Array:
        return prelu(x, self.weight[...])


@torch_api("torch.nn.RReLU")
class RReLU(nnx.Module):
    """Leaky ReLU with random slopes in training, and with their mean in evaluation."""

    def __init__(
        self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False, *, rngs: nnx.Rngs
    ):
        self.lower = lower
        self.upper = upper
        self.deterministic = False
        self.rngs = rngs.dropout.fork()

    def __call__(self, x: Array) -> Array:
        return rrelu(x, self.lower, self.upper, not self.deterministic, rngs=self.rngs)
