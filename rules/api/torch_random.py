"""torch: random numbers."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.rand")
def rand(
    *sizes,
    size=None,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    rngs: nnx.Rngs,
) -> Array:
    """Uniform numbers in [0, 1)."""
    if size is not None:
        return jax.random.uniform(rngs(), size, dtype=dtype)
    if len(sizes) == 1:
        return jax.random.uniform(rngs(), sizes[0], dtype=dtype)
    return jax.random.uniform(rngs(), sizes, dtype=dtype)


@torch_api("torch.randn")
def randn(
    *sizes,
    size=None,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    rngs: nnx.Rngs,
) -> Array:
    """Standard normal numbers."""
    if size is not None:
        return jax.random.normal(rngs(), size, dtype=dtype)
    if len(sizes) == 1:
        return jax.random.normal(rngs(), sizes[0], dtype=dtype)
    return jax.random.normal(rngs(), sizes, dtype=dtype)


@torch_api("torch.randint")
def randint(
    low=0,
    high=None,
    size=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    rngs: nnx.Rngs,
) -> Array:
    """Whole numbers in [low, high); `low` may be left out."""
    if size is None:
        return jax.random.randint(rngs(), high, 0, low, dtype=dtype)
    if high is None:
        return jax.random.randint(rngs(), size, 0, low, dtype=dtype)
    return jax.random.randint(rngs(), size, low, high, dtype=dtype)


@torch_api("torch.randperm")
def randperm(
    n,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    rngs: nnx.Rngs,
) -> Array:
    """The numbers from 0 to n - 1 in random order."""
    return jax.random.permutation(rngs(), n)


@torch_api("torch.rand_like")
def rand_like(
    input: Array,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    rngs: nnx.Rngs,
) -> Array:
    """Uniform numbers in [0, 1), as many as the array has."""
    return jax.random.uniform(rngs(), input.shape, input.dtype if dtype is None else dtype)


@torch_api("torch.randn_like")
def randn_like(
    input: Array,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    rngs: nnx.Rngs,
) -> Array:
    """Standard normal numbers, as many as the array has."""
    return jax.random.normal(rngs(), input.shape, input.dtype if dtype is None else dtype)


@torch_api("torch.randint_like")
def randint_like(
    input: Array,
    low=0,
    high=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    memory_format=None,
    rngs: nnx.Rngs,
) -> Array:
    """Whole numbers in [low, high), as many as the array has; `low` may be left out."""
    kind = input.dtype if dtype is None else dtype
    if high is None:
        return jax.random.randint(rngs(), input.shape, 0, low).astype(kind)
    return jax.random.randint(rngs(), input.shape, low, high).astype(kind)


@torch_api("torch.normal")
def normal(
    mean=0.0,
    std=1.0,
    size=None,
    *,
    generator=None,
    dtype=None,
    layout=None,
    device=None,
    requires_grad=False,
    pin_memory=False,
    rngs: nnx.Rngs,
) -> Array:
    """Normal numbers."""
    if size is not None:
        return mean + std * jax.random.normal(rngs(), size, dtype=dtype)
    if isinstance(std, (int, float)):
        return mean + std * jax.random.normal(rngs(), mean.shape, mean.dtype)
    if isinstance(mean, (int, float)):
        return mean + std * jax.random.normal(rngs(), std.shape, std.dtype)
    return mean + std * jax.random.normal(rngs(), jnp.broadcast_shapes(mean.shape, std.shape))


@torch_api("torch.bernoulli", "torch.Tensor.bernoulli")
def bernoulli(input: Array, p=None, *, generator=None, rngs: nnx.Rngs) -> Array:
    """One with the probability in `input` (or `p`), else zero."""
    if p is None:
        return jax.random.bernoulli(rngs(), input).astype(input.dtype)
    return jax.random.bernoulli(rngs(), p, input.shape).astype(input.dtype)


@torch_api("torch.Tensor.bernoulli_")
def bernoulli_(input: Array, p=0.5, *, generator=None, rngs: nnx.Rngs) -> Array:
    """One with the probability `p`, else zero."""
    return jax.random.bernoulli(rngs(), p, input.shape).astype(input.dtype)


@torch_api("torch.multinomial", "torch.Tensor.multinomial")
def multinomial(
    input: Array, num_samples, replacement=False, *, generator=None, rngs: nnx.Rngs
) -> Array:
    """Indices drawn with the weights in the last axis."""
    if num_samples == 1:
        return jnp.expand_dims(jax.random.categorical(rngs(), jnp.log(input)), -1)
    return _draw_indices(rngs(), input, num_samples, replacement)


def _draw_indices(key: Array, weights: Array, count, replace) -> Array:
    """`count` indices drawn with the `weights` in the last axis."""
    shape = (count, *weights.shape[:-1])
    draws = jax.random.categorical(key, jnp.log(weights), shape=shape, replace=replace)
    return jnp.moveaxis(draws, 0, -1)


@torch_api("torch.poisson")
def poisson(input: Array, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Poisson numbers with the rates in `input`."""
    return jax.random.poisson(rngs(), input).astype(input.dtype)


@torch_api("torch.binomial")
def binomial(count: Array, prob: Array, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Binomial numbers."""
    return jax.random.binomial(rngs(), count, prob)


@torch_api("torch.Tensor.normal_")
def normal_(input: Array, mean=0, std=1, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Normal numbers, as many as the array has."""
    return mean + std * jax.random.normal(rngs(), input.shape, input.dtype)


@torch_api("torch.Tensor.uniform_")
def uniform_(input: Array, from_=0.0, to=1.0, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Uniform numbers in [from, to), as many as the array has."""
    return jax.random.uniform(rngs(), input.shape, input.dtype, minval=from_, maxval=to)


@torch_api("torch.Tensor.random_")
def random_(input: Array, from_=None, to=None, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Whole numbers in [from, to), as many as the array has; `from` may be left out."""
    if from_ is None and to is None:
        raise NotImplementedError("random_() without bounds depends on PyTorch's dtypes")
    if to is None:
        return jax.random.randint(rngs(), input.shape, 0, from_).astype(input.dtype)
    low = 0 if from_ is None else from_
    return jax.random.randint(rngs(), input.shape, low, to).astype(input.dtype)


@torch_api("torch.Tensor.exponential_")
def exponential_(input: Array, lambd=1, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Exponential numbers of the rate `lambd`, as many as the array has."""
    return jax.random.exponential(rngs(), input.shape, input.dtype) / lambd


@torch_api("torch.Tensor.geometric_")
def geometric_(input: Array, p, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Number of trials up to the first success, as many as the array has."""
    return jax.random.geometric(rngs(), p, input.shape).astype(input.dtype)


@torch_api("torch.Tensor.cauchy_")
def cauchy_(input: Array, median=0, sigma=1, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Cauchy numbers, as many as the array has."""
    return median + sigma * jax.random.cauchy(rngs(), input.shape, input.dtype)


@torch_api("torch.Tensor.log_normal_")
def log_normal_(input: Array, mean=1, std=2, *, generator=None, rngs: nnx.Rngs) -> Array:
    """Exponentials of normal numbers, as many as the array has."""
    return jnp.exp(mean + std * jax.random.normal(rngs(), input.shape, input.dtype))
