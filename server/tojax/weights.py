"""PyTorch state dicts ↔ the variables of a Flax NNX module, by PyTorch's names and layouts."""

from __future__ import annotations

import ast
import functools
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tojax.rules.library import rules_folder

LayerState = Mapping[str, str]


@functools.cache
def nnx_layer_states() -> Mapping[str, LayerState]:
    """NNX layer class name → its PyTorch state entries, as the rules for those layers state them.

    ``{"Linear": {"weight": "kernel.T", "bias": "bias"}, ...}``: read from the decorator
    ``torch_api(..., state=...)`` of every rule that returns ``nnx.<Layer>(...)``.
    """
    states: dict[str, LayerState] = {}
    for path in sorted((rules_folder() / "api").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            state = _declared_state(node)
            if state is not None:
                states.update(dict.fromkeys(_returned_layers(node), state))
    return states


def _declared_state(node: ast.stmt) -> LayerState | None:
    if not isinstance(node, ast.FunctionDef):
        return None
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if keyword.arg == "state" and isinstance(keyword.value, ast.Dict):
                    state: dict[str, str] = ast.literal_eval(keyword.value)
                    return state
    return None


def _returned_layers(rule: ast.stmt) -> Iterator[str]:
    for statement in ast.walk(rule):
        if not (isinstance(statement, ast.Return) and statement.value is not None):
            continue
        for node in ast.walk(statement.value):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "nnx"
            ):
                yield node.func.attr


@dataclass(frozen=True)
class Entry:
    """One entry of a PyTorch state dict: its NNX variable, which may hold it transposed."""

    variable: Any
    transposed: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """PyTorch's shape of the entry."""
        shape = tuple(self.variable[...].shape)
        return shape[::-1] if self.transposed else shape

    def numpy(self) -> np.ndarray[Any, Any]:
        """The value in PyTorch's layout."""
        value = np.asarray(self.variable[...])
        return np.array(value.T if self.transposed else value)

    def assign(self, value: np.ndarray[Any, Any]) -> None:
        """Store a value given in PyTorch's layout."""
        import jax.numpy as jnp

        self.variable[...] = jnp.asarray(self.laid_out(value), self.variable[...].dtype)

    def laid_out(self, value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """A value given in PyTorch's layout, as the variable holds it."""
        return value.T if self.transposed else value


def state_entries(module: Any, names: Container[str] | None = None) -> dict[str, Entry]:
    """Every state-dict entry of an NNX module under its PyTorch name, aliases included.

    Args:
        module: a ``flax.nnx.Module``.
        names: those that PyTorch has for it. A list of layers has none there but is part of an NNX
            module; what it holds is left out where it has one of these names elsewhere.
    """
    entries = dict(_walk(module, "", frozenset()))
    if names is None:
        return entries
    known = {id(entry.variable) for name, entry in entries.items() if name in names}
    return {
        n: entry for n, entry in entries.items() if n in names or id(entry.variable) not in known
    }


def _walk(node: Any, name: str, above: frozenset[int]) -> Iterator[tuple[str, Entry]]:
    from flax import nnx

    if id(node) in above or isinstance(node, (nnx.Rngs, nnx.RngStream, nnx.RngState)):
        return
    above = above | {id(node)}
    if isinstance(node, nnx.Variable):
        if node.get_metadata().get("persistent", True) and hasattr(node[...], "shape"):
            yield name, Entry(node, transposed=False)
        return
    if not isinstance(node, (nnx.Module, nnx.Dict, nnx.List)):
        return
    prefix = f"{name}." if name else ""
    layer = _nnx_layer_state(node)
    if layer is not None:
        for torch_name, attribute in layer.items():
            variable = getattr(node, attribute.removesuffix(".T"), None)
            if isinstance(variable, nnx.Variable) and variable[...] is not None:
                yield prefix + torch_name, Entry(variable, attribute.endswith(".T"))
        return
    if isinstance(node, nnx.List):
        for index, child in enumerate(node):
            yield from _walk(child, f"{prefix}{index}", above)
        return
    for attribute, child in vars(node).items():
        if attribute.startswith("_pytree__"):
            continue
        if attribute == "layers" and isinstance(node, nnx.Sequential):
            for index, layer_of_sequence in enumerate(child):
                yield from _walk(layer_of_sequence, f"{prefix}{index}", above)
        else:
            yield from _walk(child, prefix + attribute, above)


def _nnx_layer_state(node: Any) -> LayerState | None:
    for cls in type(node).__mro__:
        if cls.__module__.startswith("flax.") and cls.__name__ in nnx_layer_states():
            return nnx_layer_states()[cls.__name__]
    return None


def load_state_dict(nnx_module: Any, torch_state_dict: Mapping[str, Any]) -> None:
    """Copy a PyTorch state dict into an NNX module of the same architecture.

    Args:
        nnx_module: a ``flax.nnx.Module``.
        torch_state_dict: PyTorch name → torch tensor or NumPy array.

    Raises:
        ValueError: listing every missing, unexpected or misshapen entry; nothing was changed then.
    """
    values = {name: to_numpy(value) for name, value in torch_state_dict.items()}
    entries = state_entries(nnx_module, values)
    problems = [f"missing: {name} {entries[name].shape}" for name in entries if name not in values]
    problems += [
        f"unexpected: {name} {values[name].shape}" for name in values if name not in entries
    ]
    loaded: dict[int, str] = {}
    for name, entry in entries.items():
        if name not in values:
            continue
        value, dtype = values[name], entry.variable[...].dtype
        other = loaded.setdefault(id(entry.variable), name)
        if value.shape != entry.shape:
            problems.append(f"misshapen: {name} {value.shape}, expected {entry.shape}")
        elif _kind(value.dtype) != _kind(dtype):
            problems.append(f"of another kind: {name} {value.dtype}, expected {dtype}")
        elif not np.array_equal(entry.laid_out(value), entries[other].laid_out(values[other])):
            problems.append(f"different: {name} and {other}, which are one variable here")
    if problems:
        raise ValueError("the state dict does not fit the module:\n  " + "\n  ".join(problems))
    for name, entry in entries.items():
        entry.assign(values[name])


def _kind(dtype: Any) -> str:
    """``b``, ``i`` (signed or not), ``f`` (bfloat16 too) or ``c``."""
    kind: str = np.dtype(dtype).kind
    return {"u": "i", "V": "f"}.get(kind, kind)


def state_dict(
    nnx_module: Any, names: Container[str] | None = None
) -> dict[str, np.ndarray[Any, Any]]:
    """The state of an NNX module under PyTorch's names, in PyTorch's layouts.

    ``names`` are those that PyTorch has, as in `state_entries`.
    """
    return {name: entry.numpy() for name, entry in state_entries(nnx_module, names).items()}


def to_numpy(value: Any) -> np.ndarray[Any, Any]:
    """A torch tensor (of any device; bfloat16 becomes float32) or an array, as a NumPy array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().resolve_conj().resolve_neg()
        if str(value.dtype) == "torch.bfloat16":
            value = value.float()
        return np.array(value.numpy())
    return np.asarray(value)
