"""Indices that PyTorch takes and JAX refuses: ``x[[0, 2]]``."""

from __future__ import annotations

import ast

from tojax.source.kinds import Kind, is_array
from tojax.translate.context import FileContext


def list_indices(context: FileContext) -> None:
    """Make an array of a list that is the whole index of an array; within a tuple JAX takes it."""
    for node in context.edits.nodes(ast.Subscript):
        if is_array(context.kind(node.value)):
            index = node.slice
            if isinstance(index, ast.List):
                plain: ast.expr = ast.List(index.elts, ast.Load())
            elif isinstance(index, ast.ListComp):
                plain = ast.ListComp(index.elt, index.generators)
            elif isinstance(index, ast.Name) and _is_list(context.kind(index)):
                plain = ast.Name(index.id, ast.Load())
            elif isinstance(index, ast.Call) and ast.unparse(index.func) == "list":
                plain = ast.Call(index.func, index.args, index.keywords)
            else:
                continue
            context.imports.add("import jax.numpy as jnp")
            context.edits.replace(index, _array(plain))


def _is_list(kind: Kind) -> bool:
    """Whether a value is a list: a tuple names one item, and JAX takes it as it is."""
    return kind.tag == "list" and kind.name != "tuple"


def _array(value: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("jnp", ast.Load()), "array", ast.Load()), [value], [])
