"""Which one of a call's several results the code around it uses."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tojax.source.trees import walk
from tojax.translate.edits import Edits
from tojax.translate.specialise.literals import static


class Projection(NamedTuple):
    """Only result number ``item`` of ``call`` is used: ``place`` may become that result alone.

    ``target``: the unpacking target, and the part of it that takes the result.
    """

    call: ast.Call
    item: int
    place: ast.expr
    target: tuple[ast.expr, ast.expr] | None = None


def projection(edits: Edits, call: ast.Call, fields: tuple[str, ...]) -> Projection | None:
    """The only result of ``call`` that is used, if that shows where the call stands.

    ``f(x)[0]``, ``f(x).values`` and ``first, _ = f(x)`` use one of the results ``fields``.
    """
    match edits.parents[call]:
        case ast.Attribute(attr=attr) as parent if attr in fields:
            return Projection(call, fields.index(attr), parent)
        case ast.Subscript(value=value, slice=index) as parent if value is call and fields:
            item = static(index)
            if isinstance(item, int) and -len(fields) <= item < len(fields):
                return Projection(call, item % len(fields), parent)
        case ast.Assign(targets=[ast.Tuple(elts=names) as target]) as parent:
            kept = [number for number, name in enumerate(names) if not _is_underscore(name)]
            if (
                len(names) == len(fields)
                and len(kept) == 1
                and not _reads_underscore(edits, parent)
            ):
                return Projection(call, kept[0], call, (target, names[kept[0]]))
    return None


def unpacked_into(edits: Edits, call: ast.Call) -> int | None:
    """How many names take one result each of a call: 3 for ``q, k, v = f(x)``.

    Or what becomes of one result each: ``q, k, v = map(g, f(x))``.
    """
    match edits.parents[call]:
        case ast.Call(func=ast.Name(id="map"), args=[_, mapped]) as outer if mapped is call:
            return unpacked_into(edits, outer)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=value) if value is call:
            if not any(isinstance(name, ast.Starred) for name in names):
                return len(names)
    return None


def _is_underscore(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "_"


def _reads_underscore(edits: Edits, node: ast.AST) -> bool:
    while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
        node = edits.parents[node]
    return any(
        isinstance(name, ast.Name) and name.id == "_" and isinstance(name.ctx, ast.Load)
        for name in walk(node)
    )


def is_mapped(edits: Edits, node: ast.expr) -> bool:
    """Whether a function is only given one argument at a time: by ``map(function, values)``."""
    match edits.parents[node]:
        case ast.Call(func=ast.Name(id="map"), args=[function, _]):
            return function is node
    return False
