"""Which names a scope reads once a statement has run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tojax.source.facts import Function
from tojax.source.trees import children, walk

if TYPE_CHECKING:
    from tojax.translate.context import FileContext
    from tojax.translate.memory.sharing import Scope

_Loop = ast.For | ast.AsyncFor | ast.While
_INNER = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


@dataclass(frozen=True)
class Read:
    """One use of a name; ``is_inner``: in a function inside the scope, which may run any time."""

    name: str
    node: ast.Name
    statement: ast.stmt
    is_inner: bool


def reads(context: FileContext, scope: Scope) -> list[Read]:
    """All uses of names in a scope, also by ``y += 1``."""
    found: list[Read] = []
    stack: list[tuple[ast.AST, ast.stmt | None, bool]] = [(scope, None, False)]
    while stack:
        node, statement, is_inner = stack.pop()
        if isinstance(node, ast.stmt) and node is not scope:
            statement = node
        if isinstance(node, ast.Name) and statement is not None:
            updates = isinstance(context.edits.parents.get(node), ast.AugAssign)
            if isinstance(node.ctx, ast.Load) or updates:
                found.append(Read(node.id, node, statement, is_inner))
        is_inner = is_inner or (isinstance(node, _INNER) and node is not scope)
        stack += [(child, statement, is_inner) for child in children(node)]
    return found


def later(
    context: FileContext, scope: Scope, found: list[Read], statement: ast.stmt, node: ast.AST
) -> Iterator[Read]:
    """The reads that may come after ``node``, a part of ``statement``, has run.

    Those beside ``node`` in the statement are among them: they see the array, not a copy.
    """
    spans = context.edits.spans
    start, end = spans[statement]
    within = spans.get(node, (start, end))
    last, loop = _reach(context, scope, statement)
    repeated = loop if loop is None or isinstance(loop, ast.While) else loop.body[0]
    for read in found:
        at = spans.get(read.node, spans[read.statement])[0]
        if not read.is_inner and _is_taken_anew(context, statement, read, is_before=at < start):
            continue
        if read.is_inner:
            if not start <= at < end:
                yield read
        elif start <= at < end:
            if not within[0] <= at < within[1]:
                yield read
        elif (end <= at <= last and not _is_other_way(context, statement, read)) or (
            loop is not None and spans[repeated or loop][0] <= at < spans[loop][1]
        ):
            yield read


def _is_taken_anew(
    context: FileContext, statement: ast.stmt, read: Read, *, is_before: bool
) -> bool:
    """Whether a loop binds a name again on every way from a statement to where it is read.

    What the loop takes it from is a read of its own.
    """
    node: ast.AST = read.node
    while (loop := context.edits.parents.get(node)) is not None:
        if isinstance(loop, _Loop) and node in loop.body:
            is_around = statement in walk(loop)
            if isinstance(loop, ast.For | ast.AsyncFor) and any(
                isinstance(part, ast.Name) and part.id == read.name for part in walk(loop.target)
            ):
                return is_before or not is_around
            if is_around:
                return False
        node = loop
    return False


def _reach(context: FileContext, scope: Scope, statement: ast.stmt) -> tuple[float, _Loop | None]:
    """Up to where code may follow a statement, and the outermost loop that repeats it."""
    loop: _Loop | None = None
    current: ast.AST = statement
    while current is not scope and isinstance(current, ast.stmt):
        block = _block(context, current)
        if block and isinstance(block[-1], ast.Return | ast.Raise):
            return context.edits.spans[block[-1]][1], loop
        current = context.edits.parents[current]
        while not isinstance(current, ast.stmt | ast.Module):
            current = context.edits.parents[current]  # an except clause, a case
        if isinstance(current, _Loop):
            loop = current
    return float("inf"), loop


def _block(context: FileContext, statement: ast.stmt) -> list[ast.stmt]:
    parent = context.edits.parents[statement]
    blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
    return next((b for b in blocks if isinstance(b, list) and statement in b), [])


def _is_other_way(context: FileContext, statement: ast.stmt, read: Read) -> bool:
    """Whether a read is in the ``else`` of a condition whose ``if`` holds the statement."""
    current: ast.AST = statement
    while current in context.edits.parents and not isinstance(current, Function):
        parent = context.edits.parents[current]
        if isinstance(parent, ast.If) and current in parent.body and parent.orelse:
            spans = context.edits.spans
            first, last = spans[parent.orelse[0]][0], spans[parent.orelse[-1]][1]
            if first <= spans.get(read.node, spans[read.statement])[0] < last:
                return True
        current = parent
    return False
