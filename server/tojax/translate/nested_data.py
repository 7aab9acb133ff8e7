"""Lists of layers and arrays inside other lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import Function
from tojax.source.kinds import Kind
from tojax.source.trees import walk
from tojax.translate.context import FileContext

DATA = {"module", "modules", "array", "parameter", "buffer"}
_ADDS = {"append", "insert"}


def holds_data(context: FileContext, value: ast.expr) -> bool:
    """Whether a list, tuple or dict holds layers or arrays, also if a function fills it."""
    if _holds_data(context.kind(value)):
        return True
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return any(_is_data(context, item) for item in items)
        case ast.ListComp(elt=item):
            return _is_data(context, item)
        case ast.Name(id=name):
            function = context.enclosing_function(value)
            return function is not None and _is_filled(context, function, name)
        case ast.Call():
            return any(
                _is_filled(context, target, name)
                for target in context.inference.callees.get(value, [])
                if isinstance(target, Function)
                for name in _returned(target)
            )
    return False


def _is_data(context: FileContext, item: ast.expr) -> bool:
    return context.kind(item).tag in DATA or holds_data(context, item)


def _holds_data(kind: Kind) -> bool:
    """Whether a kind is that of a list or tuple of data."""
    return kind.tag in ("list", "tuple") and any(
        item.tag in DATA or _holds_data(item) for item in kind.items
    )


def _is_filled(context: FileContext, function: Function, name: str) -> bool:
    """Whether a function puts layers or arrays into a list of its own."""
    for node in walk(function):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=owner), attr=added), args=[*_, given]
            ) if owner == name and added in _ADDS:
                if context.kind(given).tag in DATA:
                    return True
    return False


def _returned(function: Function) -> Iterator[str]:
    """The names that a function returns."""
    for node in walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
            yield node.value.id
