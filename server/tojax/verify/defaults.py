"""Defaults in signatures, which calls that give every argument do not show."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

METHODS = {"__init__": ("__init__",), "call": ("forward", "__call__")}

Defaults = dict[str, dict[str, Any]]


def plain_defaults(target: Any) -> Defaults:
    """The defaults of a function, or of what builds and what calls a class.

    Only numbers and words are among them, and no devices: those are not the same on both sides.
    """
    if not isinstance(target, type):
        return {"call": _of(target)}
    return {
        role: _of(next((getattr(target, n) for n in names if hasattr(target, n)), None))
        for role, names in METHODS.items()
    }


def _of(function: Any) -> dict[str, Any]:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return {
        name: parameter.default
        for name, parameter in parameters.items()
        if type(parameter.default) in (bool, int, float, str) and name != "device"
    }


def check_defaults(target: Any, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Parameters that have a plain default on both sides must have the same.

    Raises:
        ValueError: one has another.
    """
    for role, defaults in plain_defaults(target).items():
        for name, value in defaults.items():
            theirs = wanted[role].get(name, value)
            if theirs != value and theirs == theirs:
                raise ValueError(f"PyTorch's default of {name} is {theirs!r}, JAX's {value!r}")
