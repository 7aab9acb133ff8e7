"""What a ``backward()`` differentiates: a number, made of the arrays and the gradients given."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import reads, writes

_ONES = {"torch.ones", "torch.ones_like"}


def loss_of(context: FileContext, backwards: Sequence[ast.Call]) -> ast.expr:
    """The loss whose gradient several ``backward()`` in a row add up to."""
    total = _loss(context, backwards[0])
    for backward in backwards[1:]:
        total = ast.BinOp(total, ast.Add(), _loss(context, backward))
    return total


def _loss(context: FileContext, backward: ast.Call) -> ast.expr:
    """The loss of ``loss.backward()``, also of ``scaler.scale(loss).backward()``."""
    assert isinstance(backward.func, ast.Attribute)
    given = _gradient(backward)
    if context.name(backward.func) == "torch.autograd.backward":
        tensors = backward.args[0]
        parts = tensors.elts if isinstance(tensors, ast.List | ast.Tuple) else [tensors]
        total = parts[0]
        for part in parts[1:]:
            total = ast.BinOp(total, ast.Add(), part)
        return total
    match backward.func.value:
        case ast.Call(func=ast.Attribute(attr="scale"), args=[scaled, *_]):
            loss = scaled
        case value:
            loss = value
    if given is None:
        return loss
    if isinstance(given, ast.Call) and context.name(given.func) in _ONES:
        return _call(context, "jnp.sum", loss)
    if reads(given) & _bound_here(context, backward):  # no gradient goes through it
        given = _call(context, "jax.lax.stop_gradient", given)
    return _call(context, "jnp.sum", ast.BinOp(loss, ast.Mult(), given))


def _gradient(backward: ast.Call) -> ast.expr | None:
    """The factor that ``y.backward(gradient)`` gives to each number of ``y``."""
    named = [keyword.value for keyword in backward.keywords if keyword.arg == "gradient"]
    given = next(iter([*backward.args[:1], *named]), None)
    return None if isinstance(given, ast.Constant) and given.value is None else given


def _bound_here(context: FileContext, backward: ast.Call) -> set[str]:
    statement = context.edits.statement_of(backward)
    block = context.edits.block_of(statement)
    return {name for before in block[: block.index(statement)] for name in writes(before)}


def _call(context: FileContext, function: str, argument: ast.expr) -> ast.expr:
    module = "jax.numpy as jnp" if function.startswith("jnp.") else "jax"
    context.imports.add(f"import {module}")
    return ast.Call(ast.parse(function, mode="eval").body, [argument], [])
