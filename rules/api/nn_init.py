"""torch.nn.init: each rule returns the new value of its first argument."""

import math

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.init.zeros_")
def zeros_(tensor: Array) -> Array:
    return jnp.zeros_like(tensor)


@torch_api("torch.nn.init.ones_")
def ones_(tensor: Array) -> Array:
    return jnp.ones_like(tensor)


@torch_api("torch.nn.init.constant_", "torch.nn.init.constant")
def constant_(tensor: Array, val) -> Array:
    if val == 0:
        return jnp.zeros_like(tensor)
    if val == 1:
        return jnp.ones_like(tensor)
    return jnp.full_like(tensor, val)


@torch_api("torch.nn.init.normal_", "torch.nn.init.normal")
def normal_(tensor: Array, mean=0.0, std=1.0, generator=None, *, rngs: nnx.Rngs) -> Array:
    return mean + std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)


@torch_api("torch.nn.init.uniform_", "torch.nn.init.uniform")
def uniform_(tensor: Array, a=0.0, b=1.0, generator=None, *, rngs: nnx.Rngs) -> Array:
    return jax.random.uniform(rngs(), tensor.shape, tensor.dtype, minval=a, maxval=b)


@torch_api("torch.nn.init.trunc_normal_")
def trunc_normal_(
    tensor: Array, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None, *, rngs: nnx.Rngs
) -> Array:
    if mean == 0:
        return std * jax.random.truncated_normal(
            rngs(), a / std, b / std, tensor.shape, tensor.dtype
        )
    return mean + std * jax.random.truncated_normal(
        rngs(), (a - mean) / std, (b - mean) / std, tensor.shape, tensor.dtype
    )


@torch_api("torch.nn.init.eye_", "torch.nn.init.eye")
def eye_(tensor: Array) -> Array:
    return jnp.eye(*tensor.shape, dtype=tensor.dtype)


@torch_api("torch.nn.init.dirac_", "torch.nn.init.dirac")
def dirac_(tensor: Array, groups=1) -> Array:
    """The kernel of the convolution that passes each group's channels on as they are."""
    out_channels, in_channels, *window = tensor.shape
    size = out_channels // groups
    channel = jnp.arange(min(size, in_channels))
    centre = tuple(width // 2 for width in window)
    kernel = jnp.zeros((size, in_channels, *window), tensor.dtype)
    kernel = kernel.at[(channel, channel, *centre)].set(1)
    return jnp.concatenate([kernel] * groups)


@torch_api("torch.nn.init._calculate_fan_in_and_fan_out")
def fan_in_and_fan_out(tensor: Array) -> tuple[int, int]:
    """How many inputs and outputs a weight (out, in, *window) connects."""
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


@torch_api("torch.nn.init.calculate_gain")
def calculate_gain(nonlinearity, param=None) -> float:
    """By how much to scale weights before a nonlinearity to keep the variance."""
    if nonlinearity == "tanh":
        return 5 / 3
    if nonlinearity == "relu":
        return math.sqrt(2)
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity == "selu":
        return 3 / 4
    return 1


@torch_api("torch.nn.init.xavier_uniform_", "torch.nn.init.xavier_uniform")
def xavier_uniform_(tensor: Array, gain=1.0, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Uniform values with variance 2 * gain² / (fan_in + fan_out)."""
    fan_in, fan_out = fan_in_and_fan_out(tensor)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return jax.random.uniform(rngs(), tensor.shape, tensor.dtype, -bound, bound)


@torch_api("torch.nn.init.xavier_normal_", "torch.nn.init.xavier_normal")
def xavier_normal_(tensor: Array, gain=1.0, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Normal values with variance 2 * gain² / (fan_in + fan_out)."""
    fan_in, fan_out = fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    return std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)


@torch_api("torch.nn.init.kaiming_uniform_", "torch.nn.init.kaiming_uniform")
def kaiming_uniform_(
    tensor: Array, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None, *, rngs: nnx.Rngs
) -> Array:
    """Uniform values that keep the variance in the forward or the backward pass."""
    fan_in, fan_out = fan_in_and_fan_out(tensor)
    bound = calculate_gain(nonlinearity, a) * math.sqrt(
        3 / (fan_in if mode == "fan_in" else fan_out)
    )
    return jax.random.uniform(rngs(), tensor.shape, tensor.dtype, -bound, bound)


@torch_api("torch.nn.init.kaiming_normal_", "torch.nn.init.kaiming_normal")
def kaiming_normal_(
    tensor: Array, a=0, mode="fan_in", nonlinearity="leaky_relu", generator=None, *, rngs: nnx.Rngs
) -> Array:
    """Normal values that keep the variance in the forward or the backward pass."""
    fan_in, fan_out = fan_in_and_fan_out(tensor)
    std = calculate_gain(nonlinearity, a) / math.sqrt(fan_in if mode == "fan_in" else fan_out)
    return std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)


@torch_api("torch.nn.init.orthogonal_", "torch.nn.init.orthogonal")
def orthogonal_(tensor: Array, gain=1, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Orthonormal rows, or columns if there are fewer of them, times ``gain``."""
    rows, columns = tensor.shape[0], math.prod(tensor.shape[1:])
    values = jax.random.normal(rngs(), (rows, columns))
    q, r = jnp.linalg.qr(values.T if rows < columns else values)
    q = q * jnp.sign(jnp.diagonal(r))
    return (gain * (q.T if rows < columns else q)).reshape(tensor.shape).astype(tensor.dtype)


@torch_api("torch.nn.init.sparse_", "torch.nn.init.sparse")
def sparse_(tensor: Array, sparsity, std=0.01, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Normal values with a fraction ``sparsity`` of zeros in each column."""
    values = std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)
    ranks = jax.random.permutation(
        rngs(), jnp.broadcast_to(jnp.arange(len(values))[:, None], values.shape), independent=True
    )
    return jnp.where(ranks < math.ceil(sparsity * len(values)), 0, values)
