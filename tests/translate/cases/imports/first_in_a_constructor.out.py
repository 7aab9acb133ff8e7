import jax
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


def dropout(input: Array, p=0.5, training=True, inplace=False, *, rngs: nnx.Rngs) -> Array:
    """Zero elements with probability p and scale the others by 1 / (1 - p)."""
    if not training or p == 0:
        return input
    if p == 1:
        return jnp.zeros_like(input)
    return jnp.where(jax.random.bernoulli(rngs(), 1 - p, input.shape), input / (1 - p), 0)


class Net(nnx.Module):
    deterministic = False

    def __init__(self, size, *, rngs: nnx.Rngs):
        self.rngs = rngs
        try:
            pass
        except BaseException as error:
            raise ImportError("an old PyTorch") from error
        self.fc = Linear(size, size, rngs=rngs)
        self.start()

    def start(self):
        self.fc.weight[...] = jax.random.uniform(self.rngs(), self.fc.weight.shape, self.fc.weight.dtype)

    def __call__(self, x):
        return dropout(self.fc(x), 0.5, not self.deterministic, rngs=self.rngs)


class Plain(nnx.Module):
    def __init__(self, size, *, rngs: nnx.Rngs):
        self.rngs = rngs

        self.fc = Linear(size, size, rngs=rngs)
        self.start()

    def start(self):
        self.fc.weight[...] = jax.random.uniform(self.rngs(), self.fc.weight.shape, self.fc.weight.dtype)
