"""The JAX side of one target: builds it, loads PyTorch's state, makes its arguments, calls it."""

from __future__ import annotations

import contextlib
import copy
import inspect
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from tojax.verify.defaults import check_defaults
from tojax.verify.draws import Draw, load_draws
from tojax.verify.jax_initial import check_initial
from tojax.verify.jax_values import JaxArrays, is_float, is_trainable, make_array
from tojax.verify.key_reuse import KeyUses
from tojax.verify.layers import check_layers
from tojax.verify.loading import Args, as_call, as_construction, evaluate
from tojax.verify.objects import change_contents, find_modules
from tojax.verify.replay_jax import Replay
from tojax.verify.specs import SPECS
from tojax.verify.tree import (
    GONE,
    NumpyArray,
    argument_path,
    collect_leaves,
    decode,
    flatten_raw,
    map_leaves,
    of_call,
)
from tojax.weights import load_state_dict, state_dict, state_entries

ARRAYS = JaxArrays()
# Modules are widened when PyTorch's state is loaded; an optimizer's state follows its gradients.
OPAQUE = (nnx.Pytree, nnx.Variable, jax.Array)


@dataclass
class Prepared:
    """A call ready to be made: modules and arrays by path, taken out of the arguments.

    ``earlier`` is made before it, with the same modules; it is itself made ``times`` times. The
    arguments at ``changed`` are results too, as they are after the call.
    """

    callee: Callable[..., Any] | None
    arguments: list[Any]
    modules: dict[str, Any]
    arrays: dict[str, jax.Array]
    rngs: dict[str, nnx.Rngs]
    unmatched_setup: bool = False
    earlier: Prepared | None = None
    times: int = 1
    changed: Sequence[str] = ()

    def call(
        self,
        modules: Mapping[str, Any],
        arrays: Mapping[str, jax.Array],
        rngs: Mapping[str, nnx.Rngs],
    ) -> dict[str, Any]:
        """Raw results by path, computed with these modules and arrays in place of its own."""
        calls: list[tuple[Prepared, Mapping[str, jax.Array]]] = [(self, arrays)] * self.times
        if self.earlier is not None:
            calls = [(self.earlier, self.earlier.arrays), *calls]
        found: dict[str, Any] = {}
        afterwards: dict[str, Any] = {}
        for number, (prepared, its_arrays) in enumerate(calls, 1):
            result, arguments = prepared._once(modules, its_arrays, rngs)
            found |= flatten_raw(result, ARRAYS, of_call(number))
            leaves = collect_leaves(arguments, lambda leaf: True)
            afterwards |= {argument_path(path, number): leaf for path, leaf in leaves.items()}
        return found | {path: afterwards.get(path, GONE) for path in self.changed}

    def _once(
        self,
        modules: Mapping[str, Any],
        arrays: Mapping[str, jax.Array],
        rngs: Mapping[str, nnx.Rngs],
    ) -> tuple[Any, Any]:
        """The result of one call, and its arguments as it left them."""

        def place(path: str, leaf: Any) -> Any:
            if path in modules and path in self.modules and leaf is self.modules[path]:
                return modules[path]
            return arrays.get(path, leaf)

        args, kwargs = map_leaves(self.arguments, place)
        callee = modules[""] if self.callee is None else self.callee
        return callee(*args, **kwargs, **rngs), (args, kwargs)


class JaxProblem:
    """One target of the JAX file, fed with what the PyTorch side recorded."""

    def __init__(
        self, module: ModuleType, data: dict[str, Any], arrays: dict[str, NumpyArray], wide: bool
    ) -> None:
        self.module, self.data, self.recorded, self.wide = module, data, arrays, wide
        self.target = data["target"]
        self.model: Any = None
        self.states = {
            state["path"]: {n: arrays[f"state{state['number']}.{n}"] for n in state["names"]}
            for state in data["states"]
        }

    def build(self) -> None:
        """Construct the class and load PyTorch's state.

        Raises:
            Exception: the class cannot be built or its state differs.
        """
        name = self.target["name"]
        if not hasattr(self.module, name):
            raise AttributeError(f"the JAX version has no {name}")
        callee = getattr(self.module, name)
        check_defaults(callee, self.data["defaults"])
        reseed(0)
        if self.data["is_class"]:
            args, kwargs = self._init_arguments(callee)
            self.model = callee(*args, **kwargs, **rngs_for(callee))
            if self.data["is_module"]:
                initial = state_dict(self.model, self.states[""])
                self._load({"": self.model})
                check_initial(
                    initial, {n: self.recorded[f"initial.{n}"] for n in self.data["initial"]}
                )
                check_trainable(self.model, self.data["parameters"], self.data["trainable"])
                check_layers(self.model, self.data["layers"])
        elif self.data["needs_own"]:
            self.prepare(0)

    def _init_arguments(self, callee: Callable[..., Any]) -> Args:
        if self.target["init"] is None:
            return [], {}
        if self.data["init"] is not None:
            args, kwargs = self._decode(self.data["init"])
            return args, kwargs
        value = evaluate(self.target["init"], self.module, self._names())
        return as_construction(value, callee, **rngs_for(callee))

    def _names(self) -> dict[str, Any]:
        """The file's classes and functions, each given the ``rngs`` that it may need."""
        names: dict[str, Any] = dict(SPECS)
        for name, value in vars(self.module).items():
            if not name.startswith("__") and callable(value) and rngs_for(value):
                names[name] = lambda *a, _value=value, **k: _value(*a, **{**rngs_for(_value), **k})
        return names

    def _decode(self, parcel: dict[str, Any]) -> Any:
        store = [self.recorded[f"{parcel['prefix']}{i}"] for i in range(parcel["count"])]
        return decode(parcel["data"], store, self._make_array, jnp.dtype)

    def _make_array(self, array: NumpyArray, dtype: str) -> jax.Array:
        if self.wide and array.dtype.kind in "fc":
            dtype = "float64" if array.dtype.kind == "f" else "complex128"
        return make_array(array, dtype)

    def _load(self, modules: Mapping[str, Any]) -> None:
        for path, module in modules.items():
            if path not in self.states:
                raise ValueError(f"PyTorch has no module at {path}")
            load_state_dict(module, self.states[path])
            if self.wide:
                widen(module, self.states[path])
        missing = [
            path
            for path, state in self.states.items()
            if state and path and "" not in modules and path not in modules
        ]
        if missing:
            raise ValueError(f"the JAX version has no module at {', '.join(missing)}")

    def prepare(self, number: int) -> Prepared:
        """The call of one recorded case, with fresh modules and arguments."""
        case = self.data["cases"][number]
        reseed(case["seed"])
        replay = Replay(self.draws(number, "setup"), lenient=True)
        own_args: list[Any] = []
        own_kwargs: dict[str, Any] = {}
        if self.data["needs_own"]:
            with replay:
                value = evaluate(self.target["inputs"], self.module, self._names())
            own_args, own_kwargs = as_call(
                change_contents(value, widened, OPAQUE) if self.wide else value
            )
        args = [
            own_args[index] if parcel is None else self._decode(parcel)
            for index, parcel in enumerate(case["args"])
        ]
        kwargs = {
            name: own_kwargs[name] if parcel is None else self._decode(parcel)
            for name, parcel in case["kwargs"].items()
        }
        arguments = [args, kwargs]
        modules = find_modules(arguments, nnx.Module)
        self._load(modules)
        callee = getattr(self.module, self.target["name"])
        if self.data["is_class"]:
            if self.data["is_module"]:
                modules[""] = nnx.clone(self.model)
                (modules[""].train if case["mode"] == "train" else modules[""].eval)()
                callee = None
            else:
                callee = copy.deepcopy(self.model)
        arrays: dict[str, jax.Array] = {}

        def look(path: str, leaf: Any) -> Any:
            if isinstance(leaf, jax.Array):
                arrays[path] = leaf
            return leaf

        map_leaves(arguments, look)
        rngs = rngs_for(modules[""] if callee is None else callee)
        unmatched = self.data["needs_own"] and replay.finish() is not None
        earlier = None if case["after"] is None else self.prepare(case["after"])
        return Prepared(
            callee, arguments, modules, arrays, rngs, unmatched, earlier, case["times"],
            case["changed"],
        )  # fmt: skip

    def draws(self, number: int, kind: str = "draws") -> list[Draw]:
        """What PyTorch drew in one case: in its call, or while its arguments were made."""
        prefix = f"case{number}." + ("setup." if kind == "setup" else "")
        count = len(self.data["cases"][number][kind])
        arrays = {f"draw{i}": self.recorded[f"{prefix}draw{i}"] for i in range(count)}
        return load_draws(self.data["cases"][number][kind], arrays)

    @property
    def has_draws(self) -> bool:
        """Whether any case draws random numbers."""
        return any(case["draws"] for case in self.data["cases"])

    def replay(self, number: int, keys: KeyUses | None = None) -> Replay:
        """The draws of one case, for its call; ``keys`` notes the key of each."""
        return Replay(self.draws(number), keys=keys)

    def eager(self) -> contextlib.AbstractContextManager[Any]:
        """Turns compilation off where draws are replayed, since each must happen when it is run."""
        return jax.disable_jit() if self.has_draws else contextlib.nullcontext()

    def cotangents(self, number: int) -> dict[str, NumpyArray]:
        """Weights of the float results of one case, by path."""
        prefix = f"case{number}.cotangent."
        return {p: self.recorded[prefix + p] for p in self.data["cases"][number]["cotangents"]}


def reseed(seed: int) -> None:
    """Seed every generator that user code may share with the PyTorch side."""
    random.seed(seed)
    np.random.seed(seed)


def rngs_for(function: Any) -> dict[str, nnx.Rngs]:
    """``{"rngs": …}`` for a callable that has such a parameter."""
    try:  # the metaclass of NNX hides a constructor's signature
        parameters = inspect.signature(
            getattr(function, "__init__") if isinstance(function, type) else function  # noqa: B009
        ).parameters
    except (TypeError, ValueError):
        return {}
    return {"rngs": nnx.Rngs(0)} if "rngs" in parameters else {}


def check_trainable(model: Any, parameters: list[str], names: list[str]) -> None:
    """Every parameter that PyTorch trains must be one for NNX too, and no other."""
    entries = state_entries(model)
    lost = [name for name in names if not is_trainable(entries[name].variable)]
    if lost:
        raise TypeError(f"not an nnx.Param, though PyTorch trains it: {', '.join(lost)}")
    frozen = [n for n in parameters if n not in names and is_trainable(entries[n].variable)]
    if frozen:
        raise TypeError(f"an nnx.Param, though PyTorch does not train it: {', '.join(frozen)}")


def widen(module: Any, state: Mapping[str, NumpyArray]) -> None:
    """Give a module float64 variables in place of its float32 ones."""
    for variable in jax.tree.leaves(
        nnx.state(module), is_leaf=lambda node: isinstance(node, nnx.Variable)
    ):
        value = variable[...]
        if is_float(value) and not isinstance(variable, nnx.RngState):
            variable.set_value(value.astype(jnp.promote_types(value.dtype, jnp.float64)))


def widened(value: Any) -> Any:
    """An array of floats in float64; anything else as it is."""
    if isinstance(value, (jax.Array, np.ndarray)) and jnp.issubdtype(value.dtype, jnp.inexact):
        return value.astype(jnp.promote_types(value.dtype, jnp.float64))
    return value
