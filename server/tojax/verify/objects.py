"""Modules and other objects among the arguments of a call."""

from __future__ import annotations

import dataclasses
import enum
import functools
from collections.abc import Mapping
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
