"""Which of the bindings of a name reach a place, where a scope binds it more than once."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.translate.edits import Edits

_Loop = ast.For | ast.AsyncFor | ast.While


def reaching(edits: Edits, bindings: list[ast.stmt], place: ast.AST) -> list[ast.stmt]:
    """Those of the statements that bind a name after which ``place`` may come without another.

    All are of the innermost function that ``place`` is in, in order; all of them where none is
    above ``place``.
    """
    statement = edits.statement_of(place)
    above = [b for b in bindings if edits.spans[b] < edits.spans[statement]]
    found: list[ast.stmt] = []
    for binding in reversed(above):
        if _is_in_another_branch(edits, binding, statement):
            continue
        found.append(binding)
        if _is_certain(edits, binding, statement):
            break
    last = found[-1] if found else None
    for binding in bindings:
        loop = _loop_around(edits, binding, statement) if binding not in above else None
        if loop is not None and (last is None or loop not in _around(edits, last)):
            found.append(binding)
    return found or bindings


def _around(edits: Edits, node: ast.AST) -> Iterator[ast.AST]:
    """A node, and what it is in, from the inside."""
    current: ast.AST | None = node
    while current is not None:
        yield current
        current = edits.parents.get(current)


def _is_certain(edits: Edits, binding: ast.stmt, statement: ast.stmt) -> bool:
    """Whether a statement below a binding is only reached through it."""
    outer: ast.stmt = binding
    while isinstance(parent := edits.parents[outer], ast.With | ast.AsyncWith):
        outer = parent
    block = edits.block_of(outer)
    return any(node in block for node in _around(edits, statement))


def _is_in_another_branch(edits: Edits, binding: ast.stmt, statement: ast.stmt) -> bool:
    """Whether two statements are in different branches of one ``if``."""
    mine = list(_around(edits, statement))
    inner: ast.AST = binding
    for node in _around(edits, binding):
        if node in mine:
            place = mine.index(node)
            other = mine[place - 1] if place else node
            if not isinstance(node, ast.If) or inner is node or other is node:
                return False
            assert isinstance(inner, ast.stmt) and isinstance(other, ast.stmt)
            return edits.block_of(inner) is not edits.block_of(other)
        inner = node
    return False


def _loop_around(edits: Edits, binding: ast.stmt, statement: ast.stmt) -> ast.AST | None:
    """The innermost loop that leads from a binding back up to a statement."""
    mine = list(_around(edits, statement))
    return next((n for n in _around(edits, binding) if isinstance(n, _Loop) and n in mine), None)
