"""Indices that PyTorch takes and JAX refuses: ``x[[0, 2]]``."""

from __future__ import annotations

import ast

from tojax.source.kinds import is_array
from tojax.translate.context import FileContext


def list_indices(context: FileContext) -> None:
    """Make an array of a list that is the whole index of an array; within a tuple JAX takes it."""
    for node in list(context.edits.parents):
        if isinstance(node, ast.Subscript) and is_array(context.kind(node.value)):
            index = node.slice
            if isinstance(index, ast.List):
                plain: ast.expr = ast.List(index.elts, ast.Load())
            elif isinstance(index, ast.ListComp):
                plain = ast.ListComp(index.elt, index.generators)
            elif isinstance(index, ast.Name) and context.kind(index).tag == "list":
                plain = ast.Name(index.id, ast.Load())
            else:
                continue
            context.imports.add("import jax.numpy as jnp")
            context.edits.replace(index, _array(plain))


def _array(value: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("jnp", ast.Load()), "array", ast.Load()), [value], [])
