"""How a client introduces itself, read as far as it can be.

A client of a later protocol has values that this one does not know. It is served without what they
are about: refused, it would not be served at all.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from cattrs import Converter

# Of the capabilities, `textDocument.hover` goes as one.
_LEVELS_APART = 2


def read_introductions(converter: Converter) -> None:
    """Have a converter leave out what it cannot read of `initialize`."""
    read = converter.get_structure_hook(types.InitializeParams)

    def fits(part: dict[str, Any]) -> bool:
        with contextlib.suppress(Exception):
            read({"capabilities": {}, **part}, types.InitializeParams)
            return True
        return False

    def introduction(data: dict[str, Any], kind: type) -> types.InitializeParams:
        known: types.InitializeParams
        try:
            known = read(data, kind)
        except Exception:
            known = read(_legible(data, fits, _LEVELS_APART), kind)
        return known

    converter.register_structure_hook(types.InitializeParams, introduction)


Fits = Callable[[dict[str, Any]], bool]


def _legible(data: dict[str, Any], fits: Fits, levels: int) -> dict[str, Any]:
    """What of an object can be read, its parts taken apart down so many levels."""
    parts = {key: _part(key, value, fits, levels) for key, value in data.items()}
    return {key: part for key, part in parts.items() if fits({key: part})}


def _part(key: str, value: Any, fits: Fits, levels: int) -> Any:
    if not levels or not isinstance(value, dict) or fits({key: value}):
        return value
    return _legible(value, lambda inner: fits({key: inner}), levels - 1)
