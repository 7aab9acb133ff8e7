"""torch.nn.utils.parametrize: parameters that modules compute from others."""

import dataclasses
from collections.abc import Callable

from flax import nnx
from jax import Array

from tojax.rules.api import torch_api

from .nn_computed import (
    ComputedParameter,
    compute_parameter,
    computed_parameters,
    store_parameter,
)


@torch_api("torch.nn.utils.parametrize.ParametrizationList")
class ParametrizationList(nnx.Module):
    """What one parameter is computed from, and the steps that compute it.

    The first step takes ``original``, or ``original0``, ``original1`` and so on; each of the others
    takes what the one before returns. Step number ``i`` is the attribute of that name.
    """

    def __init__(self, step: Callable, parameter: nnx.Variable):
        self.steps = 0
        self.append(step)
        original = parameter[...]
        if hasattr(step, "right_inverse"):
            original = step.right_inverse(original)
        if isinstance(original, (tuple, list)):
            self.originals = tuple(f"original{index}" for index in range(len(original)))
        else:
            self.originals, original = ("original",), (original,)
        for name, value in zip(self.originals, original, strict=True):
            setattr(self, name, type(parameter)(value))

    def append(self, step: Callable) -> None:
        """Add a step at the end."""
        setattr(self, str(self.steps), step)
        self.steps += 1

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, index: int) -> Callable:
        return [getattr(self, str(number)) for number in range(self.steps)][index]

    def __call__(self) -> Array:
        """The parameter."""
        first, *others = self
        value = first(*(getattr(self, name)[...] for name in self.originals))
        for step in others:
            value = step(value)
        return value

    def right_inverse(self, value: Array) -> None:
        """Change the originals so that the parameter gets a value."""
        for index in reversed(range(self.steps)):
            value = self[index].right_inverse(value)
        values = (value,) if self.originals == ("original",) else value
        for name, original in zip(self.originals, values, strict=True):
            getattr(self, name)[...] = original


@dataclasses.dataclass(frozen=True)
class _Parametrized(ComputedParameter):
    """A parameter that a `ParametrizationList` computes."""

    def value(self, module: nnx.Module) -> Array:
        return getattr(module.parametrizations, self.name)()

    def assign(self, module: nnx.Module, value: Array) -> None:
        getattr(module.parametrizations, self.name).right_inverse(value)


@torch_api("torch.nn.utils.parametrize.register_parametrization")
def register_parametrization(
    module: nnx.Module, tensor_name, parametrization: Callable, *, unsafe=False
):
    """Let a parameter of a module be computed by ``parametrization``; returns the module.

    What it is computed from starts as ``parametrization.right_inverse`` of the parameter, or as
    the parameter itself if there is no such method. A second call adds a second step.
    """
    if is_parametrized(module, tensor_name):
        getattr(module.parametrizations, tensor_name).append(parametrization)
        return module
    parameter = getattr(module, tensor_name)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.parametrizations = nnx.Dict()
    setattr(module.parametrizations, tensor_name, ParametrizationList(parametrization, parameter))
    compute_parameter(module, _Parametrized(tensor_name))
    return module


@torch_api("torch.nn.utils.parametrize.is_parametrized")
def is_parametrized(module: nnx.Module, tensor_name=None) -> bool:
    """Whether a parameter of a module, or any, is computed by a parametrization."""
    names = [p.name for p in computed_parameters(module) if isinstance(p, _Parametrized)]
    return bool(names) if tensor_name is None else tensor_name in names


@torch_api("torch.nn.utils.parametrize.remove_parametrizations")
def remove_parametrizations(module: nnx.Module, tensor_name, leave_parametrized=True):
    """Let a module hold a parameter again: its present value or the original; returns the module.

    Raises:
        ValueError: the parameter is not parametrized, or there are several originals.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"the module does not have a parametrization on {tensor_name}")
    steps = getattr(module.parametrizations, tensor_name)
    if not leave_parametrized and steps.originals != ("original",):
        raise ValueError(f"{tensor_name} is computed from several arrays")
    kind = type(getattr(steps, steps.originals[0]))
    value = getattr(module, tensor_name)[...] if leave_parametrized else steps.original[...]
    delattr(module.parametrizations, tensor_name)
    store_parameter(module, tensor_name, kind(value))
    if not is_parametrized(module):
        del module.parametrizations
    return module


@torch_api("torch.nn.utils.parametrize.type_before_parametrizations")
def type_before_parametrizations(module: nnx.Module) -> type:
    """The class of a module as it is without parametrizations."""
    return type(module).__bases__[0] if is_parametrized(module) else type(module)
