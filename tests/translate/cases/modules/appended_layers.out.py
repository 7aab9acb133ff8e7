import jax.numpy as jnp
import optax
from flax import nnx
from jax import Array, lax
from elsewhere import make


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


def layer_norm(
    input: Array, normalized_shape, weight=None, bias=None, eps=1e-5, cudnn_enable=True
) -> Array:
    """Normalise the last `len(normalized_shape)` axes."""
    axes = _last_axes(len(normalized_shape))
    return scale_and_shift(standardise(input, axes, eps), weight, bias)


def _last_axes(count: int):
    return -1 if count == 1 else tuple(range(-count, 0))


def scale_and_shift(x, weight, bias):
    """The affine map at the end of a normalisation; weight and bias may be None."""
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


def standardise(x, axes, eps):
    """Zero mean and unit variance over `axes`."""
    centred = x - jnp.mean(x, axis=axes, keepdims=True)
    variance = jnp.mean(jnp.square(centred), axis=axes, keepdims=True)
    return centred * lax.rsqrt(variance + eps)


class Block(nnx.Module):
    def __init__(self, size, *, rngs: nnx.Rngs):
        self.norm = LayerNorm(size)
        self.expand = nnx.Linear(size, size, rngs=rngs)


class Net(nnx.Module):
    def __init__(self, size, *, rngs: nnx.Rngs):
        self.blocks = nnx.List()
        for _ in range(3):
            self.blocks.append(Block(size, rngs=rngs))
        self.unknown = nnx.List(make(size) for _ in range(2))
        self.levels = nnx.List()
        for _ in range(2):
            level = nnx.Module()
            level.norm = LayerNorm(size)
            self.levels.append(level)

    def __call__(self, x):
        for block, level in zip(self.blocks, self.levels):
            x = level.norm(block.expand(block.norm(x)))
        return self.unknown[0].norm(x) + optax.safe_norm(x, 0.0)
