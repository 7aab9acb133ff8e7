"""Gradients that are there already: when a ``backward`` adds to them, and how that is written."""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import text_of, writes
from tojax.translate.passes.event import Event


def is_fresh(context: FileContext, event: Event, events: list[Event]) -> bool:
    """Whether no gradients of its modules have been gathered yet when ``event`` happens."""
    return all(_is_clean(context, event, events, model) for model in event.models)


def accumulated_in(context: FileContext, events: list[Event]) -> set[str]:
    """The modules, and arrays, whose gradients are added to those that are there."""
    return {
        model
        for event in events
        if event.gathers
        for model in event.models
        if not _is_clean(context, event, events, model)
    }


def accumulate(context: FileContext, grads: str) -> ast.stmt:
    """``grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)``."""
    context.imports |= {"import jax", "import jax.numpy as jnp"}
    text = f"new_{grads} if {grads} is None else jax.tree.map(jnp.add, {grads}, new_{grads})"
    return ast.Assign([ast.Name(grads, ast.Store())], ast.parse(text, mode="eval").body)


def _is_clean(context: FileContext, event: Event, events: list[Event], model: str) -> bool:
    """Whether no gradients of a module have been gathered yet when ``event`` happens."""
    own = [e for e in events if model in e.models and (e.gathers or e.kind == "zero")]
    return _is_clean_before(context, event.statement, own, model if model in event.arrays else "")


def _is_clean_before(
    context: FileContext, statement: ast.stmt, events: list[Event], array: str
) -> bool:
    """Whether there are no gradients yet; an ``array`` that is bound anew has none."""
    parent = context.edits.parents[statement]
    block = context.edits.block_of(statement)
    state = _state_after(context, block[: block.index(statement)], events, array)
    if state is not None:
        return state
    if isinstance(parent, ast.For) and array in writes(parent.target):
        return True
    if isinstance(parent, ast.For | ast.While | ast.AsyncFor):
        ended = _state_after(context, block, events, array)
        if ended is False or (ended and _may_skip(context, parent, statement)):
            return False
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
        return True
    outer = context.edits.statement_of(parent)
    return _is_clean_before(context, outer, events, array)


def _may_skip(context: FileContext, loop: ast.AST, statement: ast.stmt) -> bool:
    """Whether a ``continue`` below a statement leaves out the rest of a round of a loop."""
    for node in walk(loop):
        if isinstance(node, ast.Continue) and node.lineno > statement.lineno:
            inner: ast.AST = node
            while not isinstance(inner, ast.For | ast.While | ast.AsyncFor):
                inner = context.edits.parents[inner]
            if inner is loop:
                return True
    return False


def _state_after(
    context: FileContext, statements: list[ast.stmt], events: list[Event], array: str
) -> bool | None:
    """True if gradients are zero after ``statements``, False if not, None if untouched."""
    for statement in reversed(statements):
        is_bound = isinstance(statement, ast.Assign) and array in map(text_of, statement.targets)
        if array and is_bound:
            return True
        inside = [e for e in events if _contains(context, statement, e)]
        if inside:
            last = inside[-1]
            is_certain = last.statement is statement or not _is_conditional(statement)
            return last.kind == "zero" and is_certain
    return None


def _contains(context: FileContext, statement: ast.stmt, event: Event) -> bool:
    current: ast.AST | None = event.node
    while current is not None and current is not statement:
        current = context.edits.parents.get(current)
    return current is statement


def _is_conditional(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If | ast.While | ast.Try)
