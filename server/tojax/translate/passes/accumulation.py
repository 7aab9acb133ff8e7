"""Gradients that are there already: when a ``backward`` adds to them, and how that is written."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.passes.gradient_events import Event


def is_fresh(context: FileContext, event: Event, events: list[Event]) -> bool:
    """Whether no gradients of its modules have been gathered yet when ``event`` happens."""
    return all(
        _is_clean_before(
            context,
            event.statement,
            [e for e in events if model in e.models and (e.gathers or e.kind == "zero")],
        )
        for model in event.models
    )


def accumulate(context: FileContext, grads: str) -> ast.stmt:
    """``grads = new_grads if grads is None else jax.tree.map(jnp.add, grads, new_grads)``."""
    context.imports |= {"import jax", "import jax.numpy as jnp"}
    text = f"new_{grads} if {grads} is None else jax.tree.map(jnp.add, {grads}, new_{grads})"
    return ast.Assign([ast.Name(grads, ast.Store())], ast.parse(text, mode="eval").body)


def _is_clean_before(context: FileContext, statement: ast.stmt, events: list[Event]) -> bool:
    parent = context.edits.parents[statement]
    block = context.edits.block_of(statement)
    state = _state_after(context, block[: block.index(statement)], events)
    if state is not None:
        return state
    if isinstance(parent, ast.For | ast.While | ast.AsyncFor):
        if _state_after(context, block, events) is False:
            return False
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
        return True
    outer = context.edits.statement_of(parent)
    return _is_clean_before(context, outer, events)


def _state_after(
    context: FileContext, statements: list[ast.stmt], events: list[Event]
) -> bool | None:
    """True if gradients are zero after ``statements``, False if not, None if untouched."""
    for statement in reversed(statements):
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
