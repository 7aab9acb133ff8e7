import jax.numpy as jnp
from flax import nnx
from jax import Array


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


def bias_from(init: nnx.Initializer, key: Array, shape: tuple[int, ...], count: int) -> Array:
    """``count`` biases, drawn as entries of a weight so that its fan-in can scale them too."""
    return init(key, shape).ravel()[:count]


class Head(nnx.Module):
    def __init__(self, hidden, vocabulary, *, rngs: nnx.Rngs):
        self.decoder = Linear(hidden, vocabulary, bias=False, rngs=rngs)
        self.bias = nnx.Param(jnp.zeros(vocabulary))
        self.decoder.bias = nnx.data(self.bias)

    def __call__(self, x):
        return self.decoder(x)
