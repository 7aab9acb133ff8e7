"""Writes that JAX would lose: through a view of another array, or into the caller's array."""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.translate.context import FileContext

_VIEWS = {
    "chunk", "data", "detach", "diagonal", "expand", "expand_as", "flatten", "mT", "movedim",
    "narrow", "permute", "ravel", "reshape", "select", "split", "squeeze", "swapaxes", "t", "T",
    "transpose", "unbind", "unflatten", "unfold", "unsqueeze", "view", "view_as",
}  # fmt: skip


def lost_write(context: FileContext, statement: ast.stmt, target: ast.expr) -> str:
    """Why a write into ``target`` would be lost in JAX; an empty string if it would not.

    Rebinding the name keeps the new value for later uses of that name, but another name of the
    same memory (the array that it is a view of, or the caller's argument) keeps the old one.
    """
    while isinstance(target, ast.Subscript):
        target = target.value
    function = context.enclosing_function(statement)
    if not isinstance(target, ast.Name) or function is None:
        return ""
    if context.kind(target).tag in ("parameter", "buffer"):
        return ""
    taken_from = _taken_from(context, function, target, statement)
    if taken_from:
        return f"changes what the loop takes from {taken_from} in place"
    base = _viewed(function, target.id, statement.lineno)
    if base is not None and base != target.id and used_after(context, function, base, statement):
        return f"writes through a view of '{base}', which is used again"
    parameters = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    if target.id in parameters and not used_after(context, function, target.id, statement):
        return f"changes the caller's '{target.id}' in place; return the new value instead"
    return ""


def _taken_from(
    context: FileContext, function: Function, target: ast.Name, statement: ast.stmt
) -> str:
    """What a loop around a statement takes ``target`` from, if it goes on holding the array.

    A data loader hands out fresh arrays, and what is not used any more may keep its old ones.
    """
    current: ast.AST = statement
    while current is not function:
        current = context.edits.parents[current]
        if isinstance(current, ast.For | ast.AsyncFor) and any(
            isinstance(part, ast.Name) and part.id == target.id for part in ast.walk(current.target)
        ):
            return _held(context, function, current)
    return ""


def _held(context: FileContext, function: Function, loop: ast.For | ast.AsyncFor) -> str:
    iterable = loop.iter
    text = " ".join(context.edits.source(iterable).split())
    sources = [part for part in ast.walk(iterable) if isinstance(part, ast.Name)]
    if "loader" in text.lower() or any(context.kind(part).tag == "loader" for part in sources):
        return ""
    parameters = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    if isinstance(iterable, ast.Name) and iterable.id not in parameters:
        return f"'{text}'" if used_after(context, function, iterable.id, loop) else ""
    return f"'{text}'"


def _viewed(function: Function, name: str, before: int) -> str | None:
    """The name of the array that ``name`` is a view of at a line."""
    base: str | None = None
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if (
                target == name and node.lineno < before
            ):
                base = _base_of_view(value)
    return base


def _base_of_view(value: ast.expr) -> str | None:
    seen_view = False
    while True:
        match value:
            case ast.Name(id=name):
                return name if seen_view else None
            case ast.Subscript(value=inner, slice=index) if _is_basic(index):
                value, seen_view = inner, True
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in _VIEWS:
                value, seen_view = inner, True
            case ast.Attribute(value=inner, attr=attr) if attr in _VIEWS:
                value, seen_view = inner, True
            case _:
                return None


def _is_basic(index: ast.expr) -> bool:
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(isinstance(part, ast.Slice | ast.Constant | ast.UnaryOp) for part in parts)


def used_after(context: FileContext, function: Function, name: str, statement: ast.stmt) -> bool:
    """Whether a function reads ``name`` after a statement, or before it in the next round."""
    end = context.edits.spans[statement][1]
    loop = _outermost_loop(context, function, statement)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            start = context.edits.spans.get(node, (end + 1, 0))[0]
            if start >= end:
                return True
            if loop is not None and context.edits.spans[loop][0] <= start:
                if not _within(context, node, statement):
                    return True
    return False


def _outermost_loop(
    context: FileContext, function: Function, statement: ast.stmt
) -> ast.stmt | None:
    found: ast.stmt | None = None
    current = context.edits.parents[statement]
    while current is not function:
        if isinstance(current, ast.For | ast.While):
            found = current
        current = context.edits.parents[current]
    return found


def _within(context: FileContext, node: ast.AST, statement: ast.stmt) -> bool:
    current: ast.AST | None = node
    while current is not None and current is not statement:
        current = context.edits.parents.get(current)
    return current is statement
