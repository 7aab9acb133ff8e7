"""Generators that are seeded where they are made become ``nnx.Rngs(seed)``."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext

_MADE, _SEEDED = "torch.Generator", "torch.Generator.manual_seed"


def generators(context: FileContext) -> None:
    """Rewrite ``torch.Generator().manual_seed(0)``, in one expression or in two statements.

    A generator that is seeded elsewhere may be shared: a rule seeds it in place.
    """
    for node in context.edits.nodes(ast.Call):
        if context.name(node.func) != _SEEDED:
            continue
        if len(node.args) + len(node.keywords) != 1 or not isinstance(node.func, ast.Attribute):
            continue
        seed = (node.args or [node.keywords[0].value])[0]
        if (made := _construction(context, node.func.value)) is not None:
            _replace(context, node, made, seed)
        elif (made := _construction_before(context, node)) is not None:
            _replace(context, made, node, seed)
            context.edits.replace_statement(context.edits.statement_of(node), [])


def _construction(context: FileContext, node: ast.expr) -> ast.Call | None:
    is_made = isinstance(node, ast.Call) and context.name(node.func) == _MADE
    return node if isinstance(node, ast.Call) and is_made else None


def _construction_before(context: FileContext, seeding: ast.Call) -> ast.Call | None:
    """The construction in ``g = torch.Generator()``, the statement before ``g.manual_seed(0)``."""
    statement = context.edits.parents[seeding]
    if not isinstance(statement, ast.Expr) or not isinstance(seeding.func, ast.Attribute):
        return None
    body = next(
        block
        for _, block in ast.iter_fields(context.edits.parents[statement])
        if isinstance(block, list) and statement in block
    )
    match body[: body.index(statement)]:
        case [*_, ast.Assign(targets=[target], value=value)]:
            is_same = ast.unparse(target) == ast.unparse(seeding.func.value)
            return _construction(context, value) if is_same else None
    return None


def _replace(context: FileContext, place: ast.Call, other: ast.Call, seed: ast.expr) -> None:
    rngs = ast.Attribute(ast.Name("nnx", ast.Load()), "Rngs", ast.Load())
    context.imports.add("from flax import nnx")
    context.done |= {place, place.func, other, other.func}
    context.edits.replace(place, ast.Call(rngs, [seed], []))
