"""Drops arithmetic that changes nothing: ``0.0 + 1.0 * jnp.exp(x)`` is ``jnp.exp(x)``."""

from __future__ import annotations

import ast

from tojax.source.names import dotted
from tojax.translate.specialise.literals import static

# Functions of JAX whose results are never of an integer dtype, which a float would change.
_INEXACT = {
    "cauchy", "exp", "exponential", "gumbel", "log", "normal", "rsqrt", "sigmoid", "softmax",
    "sqrt", "truncated_normal", "uniform",
}  # fmt: skip
_NEUTRAL: dict[type[ast.operator], int] = {ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1}


def simplified(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr | None:
    """An operation without its neutral operand, or a difference for the sum of ``x`` and ``-y``.

    Numbers do not change the dtype of inexact arrays, so that those may go; they turn others into
    floats, so that those stay.
    """
    neutral = _NEUTRAL.get(type(op))
    if _is_number(right, neutral) and _is_inexact(left):
        return left
    if isinstance(op, ast.Add | ast.Mult) and _is_number(left, neutral) and _is_inexact(right):
        return right
    match op, right:
        case ast.Add(), ast.UnaryOp(op=ast.USub(), operand=ast.Call() as operand):
            return ast.BinOp(left, ast.Sub(), operand)
    return None


def _is_number(node: ast.expr, value: int | None) -> bool:
    found = static(node)
    return type(found) in (int, float) and found == value


def _is_inexact(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=function):
            parts = dotted(function)
            return parts is not None and parts[0] in ("jax", "jnp", "lax") and parts[-1] in _INEXACT
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _is_inexact(operand)
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            return _is_inexact(left) or _is_inexact(right)
    return False
