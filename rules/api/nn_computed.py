"""Parameters of one module that are computed from its other variables when they are read."""

import dataclasses
import functools

from flax import nnx
from jax import Array


@dataclasses.dataclass(frozen=True)
class ComputedParameter:
    """A parameter ``name`` of a module that has a formula."""

    name: str

    def value(self, module: nnx.Module) -> Array:
        """What the module reads as its parameter."""
        raise NotImplementedError

    def assign(self, module: nnx.Module, value: Array) -> None:
        """Change the variables behind the parameter so that it gets a value."""
        raise AttributeError(f"{self.name} is computed")

    def before_call(self, module: nnx.Module) -> None:
        """What happens each time before the module is called."""


def computed_parameters(module: nnx.Module) -> tuple[ComputedParameter, ...]:
    """The parameters of a module that are computed."""
    return getattr(type(module), "computed_parameters", ())


def compute_parameter(module: nnx.Module, parameter: ComputedParameter) -> None:
    """Let a module compute a parameter that it does not hold any more."""
    _set_computed(module, (*computed_parameters(module), parameter))


def store_parameter(module: nnx.Module, name: str, variable: nnx.Variable) -> None:
    """Let a module hold a parameter that it has computed so far."""
    computed = computed_parameters(module)
    _set_computed(module, tuple(parameter for parameter in computed if parameter.name != name))
    setattr(module, name, variable)


def _set_computed(module: nnx.Module, computed: tuple[ComputedParameter, ...]) -> None:
    base = type(module).__bases__[0] if computed_parameters(module) else type(module)
    cls = _class_computing(base, computed) if computed else base
    object.__setattr__(module, "__class__", cls)  # the layer stays the same object


@functools.cache
def _class_computing(base: type, computed: tuple[ComputedParameter, ...]) -> type:
    """The subclass of a module's class in which some parameters are properties."""

    def __call__(self, *args, **kwargs):
        for parameter in computed:
            parameter.before_call(self)
        return base.__call__(self, *args, **kwargs)

    properties = {parameter.name: _property(parameter) for parameter in computed}
    others = {"computed_parameters": computed, "__call__": __call__, "__module__": base.__module__}
    return type(base.__name__, (base,), properties | others)


def _property(parameter: ComputedParameter) -> property:
    return property(
        lambda module: nnx.Variable(parameter.value(module)),
        lambda module, value: parameter.assign(module, value[...]),
    )
