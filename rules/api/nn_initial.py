"""PyTorch's initial distributions as initializers, which ``init = "torch"`` gives to layers."""

import math

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array


def uniform_by(size: int) -> nnx.Initializer:
    """Uniform between ±1/√size: PyTorch's initial parameters of a layer of ``size`` inputs."""
    bound = size**-0.5 if size else 0.0

    def initializer(key: Array, shape: tuple[int, ...], dtype=jnp.float32) -> Array:
        return jax.random.uniform(key, shape, dtype, -bound, bound)

    return initializer


def uniform_weight(key: Array, shape: tuple[int, ...], dtype=jnp.float32) -> Array:
    """PyTorch's initial parameters of a layer whose weight has the shape (out, in, *window)."""
    return uniform_by(math.prod(shape[1:]))(key, shape, dtype)


def uniform_bilinear(key: Array, shape: tuple[int, ...], dtype=jnp.float32) -> Array:
    """PyTorch's initial parameters of a bilinear layer with a weight of shape (out, in1, in2)."""
    return uniform_by(shape[1])(key, shape, dtype)


def bias_from(init: nnx.Initializer, key: Array, shape: tuple[int, ...], count: int) -> Array:
    """``count`` biases, drawn as entries of a weight so that its fan-in can scale them too."""
    return init(key, shape).ravel()[:count]
