"""Writes that JAX would lose: through a view of another array, or into the caller's array."""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.translate.context import FileContext
from tojax.translate.passes.aliases import Memory


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
    memory = Memory(context, function, statement.lineno)
    for base in memory.bases(target.id):
        if base != target.id and _is_read_again(context, function, base, statement, target.id):
            return f"writes through a view of '{base}', which is used again"
    for view in memory.views(target.id):
        if used_after(context, function, view, statement):
            return f"'{view}' shows the same memory, and is used again"
    parameters = {a.arg for a in (*function.args.posonlyargs, *function.args.args)}
    if context.handed_back.get(function) == target.id:
        return ""
    if target.id in parameters and not used_after(context, function, target.id, statement):
        return f"changes the caller's '{target.id}' in place; return the new value instead"
    return ""


def seen_elsewhere(context: FileContext, statement: ast.stmt, name: str) -> str:
    """Another name of the memory of ``name`` that is read after a statement changes it."""
    function = context.enclosing_function(statement)
    if function is None:
        return ""
    memory = Memory(context, function, statement.lineno)
    for other in [*memory.bases(name), *memory.views(name)]:
        if other != name and used_after(context, function, other, statement):
            return other
    return ""


def _is_read_again(
    context: FileContext, function: Function, base: str, statement: ast.stmt, name: str
) -> bool:
    """Whether code may see the old value of ``base``, which ``name`` is a view of.

    An attribute is there for all other methods, unless it is bound again to the new value.
    """
    if "." not in base:
        return used_after(context, function, base, statement)
    return not any(
        isinstance(node, ast.Assign)
        and node.lineno > statement.lineno
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and any(ast.unparse(target) == base for target in node.targets)
        for node in ast.walk(function)
    )


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
