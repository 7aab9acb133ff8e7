import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array


def _max(input: Array, dim=None, keepdim=False, *, other=None) -> Array | tuple[Array, Array]:
    """Largest element, or largest elements along an axis with their places, or of two arrays."""
    if other is not None:
        return jnp.maximum(input, other)
    if dim is None:
        return jnp.max(input)
    if isinstance(dim, Array):
        return jnp.maximum(input, dim)
    return (
        jnp.max(input, axis=dim, keepdims=keepdim),
        jnp.argmax(input, axis=dim, keepdims=keepdim),
    )


class Reconstruction(nnx.Module):
    def __init__(self, layers):
        self.layers = layers

    def __call__(self, x, size):
        scores = jnp.exp(x)
        for layer in self.layers:
            scores = layer.softmax(scores) + layer.norm(scores) + layer.expand(scores)
        for other in size.parts:
            scores = scores + jax.nn.softmax(other) + _max(other, scores)
        return scores
