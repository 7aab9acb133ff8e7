from collections.abc import Iterable, Iterator

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


def modules(self: nnx.Module) -> Iterator[nnx.Module]:
    """A module and everything inside it, each once."""
    return (module for _, module in named_modules(self))


def named_modules(
    self: nnx.Module, memo=None, prefix="", remove_duplicate=True
) -> Iterator[tuple[str, nnx.Module]]:
    """A module and everything inside it, each once unless duplicates stay, with dotted paths."""
    seen = set() if memo is None else memo
    if id(self) in seen:
        return
    if remove_duplicate:
        seen.add(id(self))
    yield prefix, self
    for name, value in members(self):
        if isinstance(value, nnx.Module):
            path = f"{prefix}.{name}" if prefix else name
            yield from named_modules(value, seen, path, remove_duplicate)


def members(module: nnx.Module) -> Iterable[tuple[str, object]]:
    """The attributes of a module in the order of their definition, items for a container."""
    if isinstance(module, nnx.Sequential):
        module = module.layers
    if isinstance(module, nnx.List):
        return [(str(index), item) for index, item in enumerate(module)]
    # NNX's transformations sort the attributes, but it keeps a record in the order of definition.
    names = dict.fromkeys([*getattr(module, "_pytree__nodes", ()), *vars(module)])
    return [(name, vars(module)[name]) for name in names if name in vars(module)]


def start(model: nnx.Module):
    for m in modules(model):
        if hasattr(m, "weight") and m.weight is not None:
            m.weight[...] = jnp.full_like(m.weight[...], 0.5)


class Scale(Linear):
    def __call__(self, x):
        if self.bias is not None:
            x = x + self.bias[...]
        return x * 2 if hasattr(x, "shape") else x
