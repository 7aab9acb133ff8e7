"""Arrays that an optimizer is given become parameters: ``w = nnx.Param(jnp.zeros(3))``."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext


def parameters_made(context: FileContext) -> None:
    """Wrap what `tojax.source.trained_arrays` found in this file."""
    for node in context.inference.records.trained:
        if node in context.edits.parents and node not in context.edits.statements:
            param = ast.Attribute(ast.Name("nnx", ast.Load()), "Param", ast.Load())
            made = ast.Assign(node.targets, ast.Call(param, [node.value], []))
            context.imports.add("from flax import nnx")
            context.edits.replace_statement(node, [made])
