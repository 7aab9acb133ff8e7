"""What a variable is given in a function."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tojax.source.trees import walk


@dataclass(frozen=True)
class Given:
    """What a variable is given.

    Attributes:
        values: what it is assigned as a whole.
        wholes: what is unpacked into it and others.
        is_all: nothing but the values binds it: no unpacking, no parameter, no loop.
    """

    values: tuple[ast.expr, ...]
    wholes: tuple[ast.expr, ...]
    is_all: bool


def given(scope: ast.AST, name: str) -> Given:
    """What a variable is given anywhere in a function or a module."""
    values: list[ast.expr] = []
    wholes: list[ast.expr] = []
    bindings = 0
    for node in walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if _is_bound(target, name):
                        (values if isinstance(target, ast.Name) else wholes).append(value)
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.NamedExpr(target=target, value=value)
            ):
                if _is_bound(target, name):
                    values.append(value)
        bindings += _is_binding(node, name)
    return Given(tuple(values), tuple(wholes), len(values) == bindings)


def _is_bound(target: ast.expr, name: str) -> bool:
    return any(_is_binding(part, name) for part in walk(target))


def _is_binding(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=bound, ctx=ast.Store()) | ast.arg(arg=bound):
            return bound == name
    return False
