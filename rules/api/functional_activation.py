"""torch.nn.functional: activations."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.functional.relu", "torch.relu", "torch.Tensor.relu")
def relu(input: Array, inplace=False) -> Array:
    """max(x, 0)."""
    return jax.nn.relu(input)


@torch_api("torch.nn.functional.hardtanh")
def hardtanh(input: Array, min_val=-1.0, max_val=1.0, inplace=False) -> Array:
    """x between the bounds; unlike with jnp.clip, the gradient is zero on them."""
    return jnp.where(input <= min_val, min_val, jnp.where(input >= max_val, max_val, input))


@torch_api("torch.nn.functional.relu6")
def relu6(input: Array, inplace=False) -> Array:
    """x between 0 and 6; unlike with jax.nn.relu6, the gradient is zero on the bounds."""
    return jnp.where(input <= 0, 0, jnp.where(input >= 6, 6, input))


@torch_api("torch.nn.functional.hardsigmoid")
def hardsigmoid(input: Array, inplace=False) -> Array:
    """(x + 3) / 6 between 0 and 1."""
    return relu6(input + 3) / 6


@torch_api("torch.nn.functional.hardswish")
def hardswish(input: Array, inplace=False) -> Array:
    """x * hardsigmoid(x)."""
    return input * relu6(input + 3) / 6


@torch_api("torch.nn.functional.elu")
def elu(input: Array, alpha=1.0, inplace=False) -> Array:
    """x, or alpha * (exp(x) - 1) where x is negative."""
    return jax.nn.elu(input, alpha=alpha)


@torch_api("torch.nn.functional.selu", "torch.selu")
def selu(input: Array, inplace=False) -> Array:
    """Scaled exponential linear unit."""
    return jax.nn.selu(input)


@torch_api("torch.nn.functional.celu", "torch.celu")
def celu(input: Array, alpha=1.0, inplace=False) -> Array:
    """max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)."""
    return jax.nn.celu(input, alpha=alpha)


@torch_api("torch.nn.functional.gelu")
def gelu(input: Array, approximate="none") -> Array:
    """x * Phi(x); `approximate="tanh"` for the approximation."""
    return jax.nn.gelu(input, approximate=approximate == "tanh")


@torch_api("torch.nn.functional.silu")
def silu(input: Array, inplace=False) -> Array:
    """x * sigmoid(x)."""
    return jax.nn.silu(input)


@torch_api("torch.nn.functional.mish")
def mish(input: Array, inplace=False) -> Array:
    """x * tanh(softplus(x))."""
    return jax.nn.mish(input)


@torch_api("torch.nn.functional.softplus")
def softplus(input: Array, beta=1.0, threshold=20.0) -> Array:
    """log(1 + exp(beta * x)) / beta, which is x to float32 accuracy where beta * x > 20."""
    if threshold < 20:
        scaled = input * beta
        return jnp.where(scaled > threshold, input, jax.nn.softplus(scaled) / beta)
    if beta == 1:
        return jax.nn.softplus(input)
    return jax.nn.softplus(input * beta) / beta


@torch_api("torch.nn.functional.softsign")
def softsign(input: Array) -> Array:
    """x / (1 + |x|)."""
    return jax.nn.soft_sign(input)


@torch_api("torch.nn.functional.logsigmoid")
def logsigmoid(input: Array) -> Array:
    """log(sigmoid(x))."""
    return jax.nn.log_sigmoid(input)


@torch_api("torch.nn.functional.sigmoid")
def sigmoid(input: Array) -> Array:
    """1 / (1 + exp(-x))."""
    return jax.nn.sigmoid(input)


@torch_api("torch.nn.functional.tanh")
def tanh(input: Array) -> Array:
    """Hyperbolic tangent."""
    return jnp.tanh(input)


@torch_api("torch.nn.functional.tanhshrink")
def tanhshrink(input: Array) -> Array:
    """x - tanh(x)."""
    return input - jnp.tanh(input)


@torch_api("torch.nn.functional.hardshrink", "torch.hardshrink", "torch.Tensor.hardshrink")
def hardshrink(input: Array, lambd=0.5) -> Array:
    """x, or zero where |x| <= lambd."""
    return jnp.where(jnp.abs(input) <= lambd, 0, input)


@torch_api("torch.nn.functional.softshrink")
def softshrink(input: Array, lambd=0.5) -> Array:
    """x moved towards zero by lambd."""
    return jnp.where(jnp.abs(input) <= lambd, 0, input - jnp.sign(input) * lambd)


@torch_api("torch.nn.functional.threshold", "torch.threshold")
def threshold(input: Array, threshold, value, inplace=False) -> Array:
    """x, or `value` where x <= threshold."""
    return jnp.where(input <= threshold, value, input)


@torch_api("torch.nn.functional.leaky_relu")
def leaky_relu(input: Array, negative_slope=0.01, inplace=False) -> Array:
    """x, or negative_slope * x where x <= 0."""
    return jnp.where(input > 0, input, negative_slope * input)


@torch_api("torch.nn.functional.prelu", "torch.prelu", "torch.Tensor.prelu")
def prelu(input: Array, weight: Array) -> Array:
    """x, or weight * x where x <= 0, with one weight in all or one per channel of (N, C, *)."""
    slope = weight.reshape(-1, *(1,) * (input.ndim - 2)) if weight.size > 1 else weight.reshape(())
    return jnp.where(input > 0, input, slope * input)


@torch_api("torch.nn.functional.rrelu", "torch.rrelu")
def rrelu(
    input: Array,
    lower=1.0 / 8,
    upper=1.0 / 3,
    training=False,
    inplace=False,
    *,
    rngs: nnx.Rngs,
) -> Array:
    """Leaky ReLU whose slopes are drawn when training, and their mean otherwise."""
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    slope = jax.random.uniform(rngs(), input.shape, input.dtype, lower, upper)
    return leaky_relu(input, slope)


@torch_api("torch.nn.functional.glu")
def glu(input: Array, dim=-1) -> Array:
    """The first half along `dim` times the sigmoid of the second."""
    return jax.nn.glu(input, axis=dim)


@torch_api("torch.nn.functional.softmax")
def softmax(input: Array, dim=None, _stacklevel=3, dtype=None) -> Array:
    """Softmax along `dim`; without it along axis 0 of 0, 1 and 3 axes, else along axis 1."""
    x = input if dtype is None else input.astype(dtype)
    if dim is None:
        return jax.nn.softmax(x, axis=0 if x.ndim in (0, 1, 3) else 1)
    return jax.nn.softmax(x, axis=dim)


@torch_api("torch.nn.functional.log_softmax")
def log_softmax(input: Array, dim=None, _stacklevel=3, dtype=None) -> Array:
    """Logarithm of softmax."""
    x = input if dtype is None else input.astype(dtype)
    if dim is None:
        return jax.nn.log_softmax(x, axis=0 if x.ndim in (0, 1, 3) else 1)
    return jax.nn.log_softmax(x, axis=dim)


@torch_api("torch.nn.functional.softmin")
def softmin(input: Array, dim=None, _stacklevel=3, dtype=None) -> Array:
    """Softmax of -x."""
    x = input if dtype is None else input.astype(dtype)
    if dim is None:
        return jax.nn.softmax(-x, axis=0 if x.ndim in (0, 1, 3) else 1)
    return jax.nn.softmax(-x, axis=dim)


@torch_api("torch.softmax", "torch.Tensor.softmax", "torch.special.softmax")
def torch_softmax(input: Array, dim, dtype=None) -> Array:
    """Softmax along `dim`."""
    if dtype is None:
        return jax.nn.softmax(input, axis=dim)
    return jax.nn.softmax(input.astype(dtype), axis=dim)


@torch_api("torch.log_softmax", "torch.Tensor.log_softmax", "torch.special.log_softmax")
def torch_log_softmax(input: Array, dim, dtype=None) -> Array:
    """Logarithm of softmax along `dim`."""
    if dtype is None:
        return jax.nn.log_softmax(input, axis=dim)
    return jax.nn.log_softmax(input.astype(dtype), axis=dim)


@torch_api("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(logits: Array, tau=1, hard=False, eps=1e-10, dim=-1, *, rngs: nnx.Rngs) -> Array:
    """Softmax of logits with Gumbel noise; `hard` gives one-hot values with its gradient."""
    # Minus the logarithm of an exponential variable is a Gumbel variable.
    noise = -jnp.log(jax.random.exponential(rngs(), logits.shape, logits.dtype))
    soft = jax.nn.softmax((logits + noise) / tau, axis=dim)
    if not hard:
        return soft
    winner = jnp.argmax(soft, axis=dim)
    one_hot = jax.nn.one_hot(winner, soft.shape[dim], dtype=soft.dtype, axis=dim)
    return one_hot - jax.lax.stop_gradient(soft) + soft
