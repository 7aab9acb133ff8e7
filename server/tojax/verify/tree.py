"""Nested values: walking them, shipping them as plain data, and flattening results to named leaves.

Knows neither torch nor jax: what counts as an array and how it becomes a NumPy array is told by
an `Arrays` object.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

NumpyArray = np.ndarray[Any, Any]
Path = str
ATTRIBUTE = "'s "  # between the path of an object and the name of what it holds
ARGUMENT = "an argument"  # in place of a dtype: the object is one that the call was given
GONE = "nothing"  # in place of what a call removed from its arguments


class Arrays(Protocol):
    """What a framework calls an array and a module."""

    def is_array(self, value: Any) -> bool:
        """Whether ``value`` is an array of this framework (or of NumPy)."""

    def to_numpy(self, value: Any) -> tuple[NumpyArray, str]:
        """Its elements (bfloat16 as float32) and the name of its dtype."""

    def is_module(self, value: Any) -> bool:
        """Whether ``value`` is a module of this framework."""

    def dtype_name(self, value: Any) -> str | None:
        """The name of the dtype that ``value`` is, or None if it is not a dtype."""


class CannotShip(TypeError):
    """A value that only its own side can make, such as an optimizer or a data loader."""


@dataclasses.dataclass(frozen=True)
class Leaf:
    """One result: an array (or number), a plain value, or an object that cannot be compared."""

    kind: str
    dtype: str = ""
    array: NumpyArray | None = None
    plain: Any = None


def map_leaves(value: Any, change: Callable[[Path, Any], Any], path: Path = "") -> Any:
    """The same nested lists, tuples and dicts with every other value replaced.

    Args:
        value: the nested value.
        change: gets a leaf's path (such as ``[0]['x']``) and the leaf.
        path: where ``value`` lies.
    """
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        items = [
            map_leaves(v, change, f"{path}.{k}") for k, v in zip(value._fields, value, strict=True)
        ]
        return type(value)(*items)
    if type(value) in (list, tuple):
        return type(value)(map_leaves(v, change, f"{path}[{i}]") for i, v in enumerate(value))
    if type(value) is dict:
        return {k: map_leaves(v, change, f"{path}[{k!r}]") for k, v in value.items()}
    return change(path, value)


def collect_leaves(value: Any, keep: Callable[[Any], bool]) -> dict[Path, Any]:
    """The leaves that ``keep`` accepts, by path."""
    found: dict[Path, Any] = {}

    def look(path: Path, leaf: Any) -> Any:
        if keep(leaf):
            found[path] = leaf
        return leaf

    map_leaves(value, look)
    return found


def encode(value: Any, arrays: Arrays, store: list[NumpyArray]) -> Any:
    """``value`` as JSON data; its arrays are appended to ``store``.

    Raises:
        CannotShip: part of it is neither plain data nor an array.
    """
    if value is None or isinstance(value, str) or type(value) in (bool, int, float):
        return value
    name = arrays.dtype_name(value)
    if name is not None:
        return {"dtype": name}
    if arrays.is_array(value):
        array, dtype = arrays.to_numpy(value)
        store.append(array)
        return {"array": len(store) - 1, "of": dtype}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return {"tuple": [encode(item, arrays, store) for item in value]}
    if type(value) is list:
        return [encode(item, arrays, store) for item in value]
    if type(value) is dict and all(isinstance(key, (str, int)) for key in value):
        return {"dict": [[key, encode(item, arrays, store)] for key, item in value.items()]}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    raise CannotShip(f"a value of type {type(value).__name__}")


def decode(
    data: Any,
    store: Mapping[int, NumpyArray] | list[NumpyArray],
    make: Callable[[NumpyArray, str], Any],
    make_dtype: Callable[[str], Any],
) -> Any:
    """The inverse of `encode`; ``make(array, dtype name)`` builds the framework's arrays."""
    if isinstance(data, list):
        return [decode(item, store, make, make_dtype) for item in data]
    if not isinstance(data, dict):
        return data
    if "dtype" in data:
        return make_dtype(data["dtype"])
    if "array" in data:
        return make(store[data["array"]], data["of"])
    if "complex" in data:
        return complex(*data["complex"])
    if "slice" in data:
        return slice(*data["slice"])
    if "tuple" in data:
        return tuple(decode(item, store, make, make_dtype) for item in data["tuple"])
    return {key: decode(item, store, make, make_dtype) for key, item in data["dict"]}


def flatten_raw(value: Any, arrays: Arrays, path: Path = "") -> dict[Path, Any]:
    """The leaves of a result by path: lists and tuples alike, dicts, dataclasses, named tuples."""
    if arrays.is_array(value) or arrays.dtype_name(value) is not None:
        return {path: value}
    if isinstance(value, Mapping):
        children = {f"{path}[{key!r}]": item for key, item in value.items()}
    elif isinstance(value, (list, tuple)):
        children = {f"{path}[{index}]": item for index, item in enumerate(value)}
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        children = {f"{path}.{field.name}": getattr(value, field.name) for field in fields}
    else:
        return {path: value} | _attributes(value, arrays, path)
    if not children:
        return {path: "an empty container"}
    leaves: dict[Path, Any] = {}
    for child_path, child in children.items():
        leaves.update(flatten_raw(child, arrays, child_path))
    return leaves


def _attributes(value: Any, arrays: Arrays, path: Path) -> dict[Path, Any]:
    """The arrays among the public attributes of an object, such as a distribution."""
    if arrays.is_module(value) or isinstance(value, type) or callable(value):
        return {}
    return {
        f"{path}{ATTRIBUTE}{name}": held
        for name, held in getattr(value, "__dict__", {}).items()
        if not name.startswith("_") and arrays.is_array(held)
    }


def is_attribute(path: Path) -> bool:
    """Whether a result is an attribute of an object, which the other side may not have."""
    return ATTRIBUTE in path


def to_leaf(value: Any, arrays: Arrays) -> Leaf:
    """One value that `flatten_raw` found, as a `Leaf`."""
    name = arrays.dtype_name(value)
    if name is not None:
        return Leaf("plain", plain=f"dtype {name}")
    if arrays.is_array(value):
        array, dtype = arrays.to_numpy(value)
        return Leaf("array", dtype, array)
    if isinstance(value, (bool, int, float, complex)):
        return Leaf("number", type(value).__name__, np.asarray(value))
    if value is None or isinstance(value, (str, bytes, range)):
        return Leaf("plain", plain=repr(value))
    if isinstance(value, enum.Enum):
        return Leaf("plain", plain=str(value))
    if isinstance(value, (set, frozenset)):
        return Leaf("plain", plain=f"a set of {', '.join(sorted(map(repr, value)))}")
    return Leaf("opaque", "module" if arrays.is_module(value) else "object")


def flatten(value: Any, arrays: Arrays) -> dict[Path, Leaf]:
    """A result as named leaves."""
    return {path: to_leaf(leaf, arrays) for path, leaf in flatten_raw(value, arrays).items()}


def state_name(path: Path, name: str) -> str:
    """How an entry of a module's state is called in results and messages."""
    return f"state {name} of {path}" if path else f"state {name}"


def buffer_name(name: str) -> str:
    """How a buffer that a call changes is called in results and messages."""
    return f"buffer {name}"


def of_call(number: int) -> Path:
    """Where the results of one call lie, if the same target is called several times."""
    return "" if number == 1 else f" (call {number})"


def argument_path(path: Path, number: int) -> Path:
    """Where an argument as a call left it lies among the results.

    Args:
        path: where it is in the positional arguments and keywords: ``[0][1]``, ``[1]['mask']``.
        number: of the call.
    """
    is_keyword, _, rest = path.removeprefix("[").partition("]")
    first, _, inner = rest.removeprefix("[").partition("]")
    name = first.strip("'") if is_keyword == "1" else str(int(first) + 1)
    return f" (argument {name}{inner} after the call){of_call(number)}"


def describe(data: Any, store: list[NumpyArray]) -> str:
    """Shipped inputs in a few words: ``(float32[2, 3], 4)``."""
    if isinstance(data, list):
        return "[" + ", ".join(describe(item, store) for item in data) + "]"
    if not isinstance(data, dict):
        return repr(data)
    if "array" in data:
        array = store[data["array"]]
        return f"{data['of']}[{', '.join(map(str, array.shape))}]{_range(array)}"
    if "tuple" in data:
        return "(" + ", ".join(describe(item, store) for item in data["tuple"]) + ")"
    if "dict" in data:
        return "{" + ", ".join(f"{k}: {describe(v, store)}" for k, v in data["dict"]) + "}"
    return str(next(iter(data.values())))


def _range(array: NumpyArray) -> str:
    if not array.size or array.dtype.kind not in "iuf":
        return ""
    low, high = array.min(), array.max()
    if not (math.isfinite(low) and math.isfinite(high)):
        return " with NaN or infinity"
    return f" in {low:.4g} … {high:.4g}"
