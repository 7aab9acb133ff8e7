import math
from collections.abc import Callable, Iterable, Iterator

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
import torch.nn as nn  # TODO(tojax): TJ200 still needed by what is unresolved


def xavier_normal_(tensor: Array, gain=1.0, generator=None, *, rngs: nnx.Rngs) -> Array:
    """Normal values with variance 2 * gain² / (fan_in + fan_out)."""
    fan_in, fan_out = fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    return std * jax.random.normal(rngs(), tensor.shape, tensor.dtype)


def fan_in_and_fan_out(tensor: Array) -> tuple[int, int]:
    """How many inputs and outputs a weight (out, in, *window) connects."""
    field = math.prod(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field


def named_parameters(
    self: nnx.Module, prefix="", recurse=True, remove_duplicate=True
) -> Iterator[tuple[str, nnx.Param]]:
    """The parameters of a module with their dotted paths; a shared one once, at its first."""
    return named_variables(
        self, lambda value: isinstance(value, nnx.Param), prefix, recurse, remove_duplicate
    )


def named_variables(
    module: nnx.Module,
    select: Callable[[object], bool],
    prefix: str = "",
    recurse: bool = True,
    remove_duplicate: bool = True,
) -> Iterator[tuple[str, nnx.Variable]]:
    """The selected variables of a module with their dotted paths."""
    seen = set()
    parts = named_modules(module, prefix=prefix, remove_duplicate=remove_duplicate)
    for path, part in parts if recurse else [(prefix, module)]:
        for name, value in members(part):
            if select(value) and id(value) not in seen:
                if remove_duplicate:
                    seen.add(id(value))
                yield f"{path}.{name}" if path else name, value


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


def start(module, weight_init, bias_init, gain=1):
    weight_init(jax.lax.stop_gradient(module.weight[...]), gain=gain)
    bias_init(jax.lax.stop_gradient(module.bias[...]))
    return module


def start_layer(layer, initialiser=nn.init.xavier_uniform_):  # TODO(tojax): TJ203 as a value it changes nothing: call it where its result can be assigned
    initialiser(layer.weight)
    layer.bias[...] = jnp.full_like(layer.bias, 0.1)


class Net(nnx.Module):
    def __init__(self, size, *, rngs: nnx.Rngs):
        zeros = lambda x: nn.init.constant_(x, 0)  # TODO(tojax): TJ203 changes what the lambda is given in place
        self.fc = start(Linear(size, 8, rngs=rngs), nn.init.orthogonal_, zeros)  # TODO(tojax): TJ203 as a value it changes nothing: call it where its result can be assigned
        for name, parameter in named_parameters(self):
            if "weight" in name:
                parameter[...] = xavier_normal_(parameter[...], rngs=rngs)

    def __call__(self, x):
        return self.fc(x)
