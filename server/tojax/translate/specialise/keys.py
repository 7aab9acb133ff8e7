"""What a rule knows as ``rngs``: the keys of the function around, or a generator."""

from __future__ import annotations

import ast


def own_keys() -> ast.Name:
    """The keys of the function around, as yet without a place in the output."""
    return ast.Name("rngs", ast.Load())


def or_own_keys(generator: ast.expr) -> ast.expr:
    """A generator, or the keys of the function around if it is None."""
    return ast.BoolOp(ast.Or(), [generator, own_keys()])


def placed(keys: ast.expr) -> tuple[ast.expr, list[ast.Name]]:
    """The same keys for one place in the output, and the own ones of the function in them."""
    match keys:
        case ast.Name(id="rngs"):
            name = own_keys()
            return name, [name]
        case ast.BoolOp(op=ast.Or(), values=[generator, ast.Name(id="rngs")]):
            name = own_keys()
            return ast.BoolOp(ast.Or(), [generator, name]), [name]
    return keys, []
