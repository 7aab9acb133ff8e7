"""torch.nn: containers of layers and of parameters."""

from collections.abc import Callable, Iterator
from typing import Self

import jax
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def parameter(data: Array, requires_grad=True, *, detaches=False) -> nnx.Variable:
    """A trainable array, or a plain variable where no gradient is wanted.

    ``detaches``: where ``data`` may have a gradient, a parameter made of it passes none on.
    """
    if detaches:
        data = jax.lax.stop_gradient(data)
    if requires_grad:
        return nnx.Param(data)
    return nnx.Variable(data)


@torch_api("torch.nn.Buffer", "torch.nn.parameter.Buffer")
def buffer(data: Array, persistent=True) -> nnx.Variable:
    """An array which is part of the state but not trained."""
    if persistent:
        return nnx.Variable(data)
    return nnx.Variable(data, persistent=False)


@torch_api("torch.nn.ModuleList")
def module_list(modules=None) -> nnx.Module:
    """A list of layers."""
    if modules is None:
        return nnx.List()
    return nnx.List(modules)


@torch_api("torch.nn.ModuleDict")
def module_dict(modules=None) -> nnx.Module:
    """A mapping from names to layers."""
    if modules is None:
        return nnx.Dict()
    return nnx.Dict(modules)


@torch_api("torch.nn.ParameterList")
def parameter_list(values=None) -> nnx.Module:
    """A list of parameters; plain arrays become parameters."""
    if values is None:
        return nnx.List()
    return nnx.List(nnx.Param(v) if isinstance(v, jax.Array) else v for v in values)


@torch_api("torch.nn.ParameterDict")
def parameter_dict(parameters=None) -> nnx.Module:
    """A mapping from names to parameters; plain arrays become parameters."""
    if parameters is None:
        return nnx.Dict()
    return nnx.Dict(
        {
            name: nnx.Param(value) if isinstance(value, jax.Array) else value
            for name, value in dict(parameters).items()
        }
    )


@torch_api("torch.nn.Sequential")
def sequential(*modules) -> nnx.Module:
    """Layers applied one after the other."""
    if len(modules) == 1 and isinstance(modules[0], dict):
        return Sequential(modules[0])
    return nnx.Sequential(*modules)


@torch_api("torch.nn.Sequential")
class Sequential(nnx.Module):
    """Layers applied one after the other, which can be named, indexed and sliced.

    Args:
        layers: the layers in order, or one dict from names to layers.
    """

    names = ()

    def __init__(self, *layers):
        if len(layers) == 1 and isinstance(layers[0], dict):
            named = layers[0]
        else:
            named = {str(i): layer for i, layer in enumerate(layers)}
        for name, layer in named.items():
            self.add_module(name, layer)

    def __setattr__(self, name: str, value) -> None:
        if isinstance(value, nnx.Module) and name not in self.names:
            self.names = (*self.names, name)
        super().__setattr__(name, value)

    def __call__(self, x):
        for layer in self:
            x = layer(x)
        return x

    def add_module(self, name: str, layer: Callable) -> None:
        """Append a layer under a name, or replace the layer of that name."""
        if name in self.names:
            delattr(self, name)
        else:
            self.names = (*self.names, name)
        setattr(self, name, layer)

    def append(self, layer: Callable) -> Self:
        """Add a layer at the end."""
        self.add_module(str(len(self)), layer)
        return self

    def extend(self, layers) -> Self:
        """Add several layers at the end."""
        for layer in layers:
            self.append(layer)
        return self

    def insert(self, index: int, layer: Callable) -> Self:
        """Add a layer before the one at ``index``; the layers are numbered anew."""
        layers = list(self)
        layers.insert(index, layer)
        self._replace(layers)
        return self

    def pop(self, index: int) -> Callable:
        """Remove and return a layer; the layers are numbered anew."""
        layer = self[index]
        del self[index]
        return layer

    def _replace(self, layers: list[Callable]) -> None:
        for name in self.names:
            delattr(self, name)
        self.names = ()
        self.extend(layers)

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[Callable]:
        return (getattr(self, name) for name in self.names)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Sequential({name: getattr(self, name) for name in self.names[index]})
        return getattr(self, self.names[index])

    def __setitem__(self, index: int, layer: Callable) -> None:
        self.add_module(self.names[index], layer)

    def __delitem__(self, index) -> None:
        layers = list(self)
        del layers[index]
        self._replace(layers)
