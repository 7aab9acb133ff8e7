"""Computes what is known of operators and builtins whose operands are folded already."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, TypeGuard

from tojax.source.kinds import NUMBERS, Kind
from tojax.translate.specialise.identities import simplified
from tojax.translate.specialise.literals import is_simple, is_unknown, literal, static

_LONGEST_RANGE = 4
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv, ast.Div: operator.truediv, ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}  # fmt: skip


def unary(op: ast.unaryop, operand: ast.expr) -> ast.expr:
    """``not True`` and ``-1``."""
    value = static(operand)
    if isinstance(op, ast.Not) and not is_unknown(value):
        return ast.Constant(not value)
    if isinstance(op, ast.USub) and isinstance(value, int | float):
        return literal(-value)
    return ast.UnaryOp(op, operand)


def compare(
    left: ast.expr, op: ast.cmpop, right: ast.expr, kind_of: Callable[[ast.expr], Kind]
) -> bool | None:
    """The outcome of a comparison, if values or kinds tell it."""
    one, other = static(left), static(right)
    if not is_unknown(one) and not is_unknown(other):
        try:
            return bool(_COMPARE[type(op)](one, other))
        except TypeError:
            return None
    if isinstance(op, ast.Is | ast.IsNot) and other is None:
        kind = kind_of(left)
        if kind.tag not in ("unknown", "none", "starred") and not kind.optional:
            return isinstance(op, ast.IsNot)
    if isinstance(op, ast.Eq | ast.NotEq) and isinstance(other, str):
        kind = kind_of(left)
        if kind.tag in NUMBERS | {"tuple", "shape", "list"} and not kind.optional:
            return isinstance(op, ast.NotEq)
    return None


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    """Arithmetic on numbers, ``+`` and ``*`` of tuples, and what changes nothing."""
    one, other = static(left), static(right)
    if isinstance(one, int | float) and isinstance(other, int | float):
        try:
            value = _ARITHMETIC[type(op)](one, other)
        except (KeyError, ArithmeticError):
            return ast.BinOp(left, op, right)
        if isinstance(value, int | float):
            return literal(value)
    if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple) and isinstance(op, ast.Add):
        return ast.Tuple([*left.elts, *right.elts], ast.Load())
    if isinstance(left, ast.Tuple) and isinstance(op, ast.Mult) and isinstance(other, int):
        if all(is_simple(item) for item in left.elts):
            return ast.Tuple(left.elts * other, ast.Load())
    return simplified(left, op, right) or ast.BinOp(left, op, right)


def subscript(base: ast.expr, index: ast.expr) -> ast.expr:
    """An item or a slice of a tuple or list that is written out."""
    position = static(index)
    if isinstance(base, ast.Tuple | ast.List) and isinstance(position, int):
        starred = any(isinstance(item, ast.Starred) for item in base.elts)
        if not starred and -len(base.elts) <= position < len(base.elts):
            return base.elts[position]
    if isinstance(base, ast.Tuple) and isinstance(index, ast.Slice):
        lower, upper = (None if p is None else static(p) for p in (index.lower, index.upper))
        if index.step is None and _is_bound(lower) and _is_bound(upper):
            return ast.Tuple(base.elts[lower:upper], ast.Load())
    return ast.Subscript(base, index, ast.Load())


def _is_bound(value: object) -> TypeGuard[int | None]:
    return value is None or isinstance(value, int)


def length(argument: ast.expr, kind: Kind) -> ast.expr | None:
    """``len(argument)``, if it is known; that of ``*sizes`` handed on is never one: -1."""
    if isinstance(argument, ast.Tuple | ast.List):
        starred = [item for item in argument.elts if isinstance(item, ast.Starred)]
        return ast.Constant(len(argument.elts) + len(starred))
    if kind.tag == "starred":
        return ast.Constant(-1)
    if kind.tag == "tuple" and not kind.optional:
        return ast.Constant(len(kind.items))
    return None


def as_tuple(argument: ast.expr, kind: Kind) -> ast.expr | None:
    """``tuple(argument)``, if that need not be said."""
    if isinstance(argument, ast.Tuple) or kind.tag in ("tuple", "shape"):
        return argument
    if isinstance(argument, ast.List):
        return ast.Tuple(argument.elts, ast.Load())
    return _range(argument)


def _range(node: ast.expr) -> ast.expr | None:
    """``range(-2, 0)`` as a tuple, if it is short and known."""
    match node:
        case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
            values = [static(argument) for argument in arguments]
            bounds = [value for value in values if isinstance(value, int)]
            if len(bounds) == len(values):
                numbers = range(*bounds)
                if len(numbers) <= _LONGEST_RANGE:
                    return ast.Tuple([literal(number) for number in numbers], ast.Load())
    return None
