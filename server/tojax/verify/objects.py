"""Modules and other objects among the arguments of a call."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType
from typing import Any

from tojax.verify.tree import Path, map_leaves

PLAIN = (type(None), str, bytes, bool, int, float, complex, slice, range, enum.Enum, type)
CODE = (FunctionType, BuiltinFunctionType, functools.partial)


def find_modules(arguments: Any, module_type: type) -> dict[Path, Any]:
    """Modules among nested arguments and in the attributes of objects there, by path."""
    found: dict[Path, Any] = {}

    def look(path: Path, leaf: Any) -> Any:
        if isinstance(leaf, module_type):
            found[path] = leaf
        elif not isinstance(leaf, (*PLAIN, *CODE)) and hasattr(leaf, "__dict__"):
            attributes: Mapping[str, Any] = vars(leaf)
            for name, value in attributes.items():
                if isinstance(value, module_type):
                    found[f"{path}.{name}"] = value
        return leaf

    map_leaves(arguments, look)
    return found


def is_neutral(value: Any) -> bool:
    """Whether a value holds no state that a call could change: data, code, a configuration."""
    return isinstance(value, (*PLAIN, *CODE)) or dataclasses.is_dataclass(value)


def change_contents(value: Any, change: Callable[[Any], Any], opaque: tuple[type, ...] = ()) -> Any:
    """Nested values with every leaf changed, also inside the attributes of objects, in place.

    Args:
        value: the nested value, such as a data loader or a list of examples.
        change: gets each leaf and returns what stands for it; an object that it returns unchanged
            is searched in turn.
        opaque: types whose instances are not searched.
    """
    seen: set[int] = set()

    def look(path: Path, leaf: Any) -> Any:
        changed = change(leaf)
        if changed is not leaf or isinstance(leaf, (*PLAIN, *CODE, *opaque)) or id(leaf) in seen:
            return changed
        seen.add(id(leaf))
        for name, held in dict(getattr(leaf, "__dict__", {})).items():
            inside = map_leaves(held, look)
            if inside is not held:
                object.__setattr__(leaf, name, inside)
        return leaf

    return map_leaves(value, look)
