"""Arrays that an optimizer is given become parameters: ``w = nnx.Param(jnp.zeros(3))``."""

from __future__ import annotations

import ast

from tojax.source.trained_arrays import pairs
from tojax.translate.context import FileContext


def parameters_made(context: FileContext) -> None:
    """Wrap what `tojax.source.trained_arrays` found in this file."""
    trained = context.inference.records.trained
    for node in context.edits.nodes(ast.Assign):
        if node not in context.edits.statements:
            made = [value for name, value in pairs(node) if name in trained]
            if made:
                context.imports.add("from flax import nnx")
                whole: ast.expr = _wrapped(node.value, made)
                if node.value not in made and isinstance(node.value, ast.Tuple):
                    parts = [_wrapped(part, made) for part in node.value.elts]
                    whole = ast.Tuple(parts, ast.Load())
                context.edits.replace_statement(node, [ast.Assign(node.targets, whole)])


def _wrapped(value: ast.expr, made: list[ast.expr]) -> ast.expr:
    param = ast.Attribute(ast.Name("nnx", ast.Load()), "Param", ast.Load())
    return ast.Call(param, [value], []) if value in made else value
