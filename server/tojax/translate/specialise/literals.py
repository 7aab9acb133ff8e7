"""Literals: the values that are known at translation time."""

from __future__ import annotations

import ast

from tojax.source.kinds import UNKNOWN, Kind

_NO_VALUE = object()


def static(node: ast.expr) -> object:
    """The value of a literal, or a sentinel that equals nothing."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            values = [static(item) for item in items]
            if any(value is _NO_VALUE for value in values):
                return _NO_VALUE
            return tuple(values) if isinstance(node, ast.Tuple) else values
        case _:
            return _NO_VALUE


def is_unknown(value: object) -> bool:
    """Whether `static` found no value."""
    return value is _NO_VALUE


def literal(value: float) -> ast.expr:
    """A number as an expression."""
    if value < 0:
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    return ast.Constant(value)


def literal_kind(node: ast.expr) -> Kind:
    """Kind of a literal."""
    value = static(node)
    if is_unknown(value):
        return UNKNOWN
    if value is None:
        return Kind("none")
    return Kind(type(value).__name__)


def same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two literals have the same value and type."""
    left, right = static(one), static(other)
    return not is_unknown(left) and type(left) is type(right) and left == right


def is_arithmetic(node: ast.expr) -> bool:
    """Whether an expression computes with numbers, names and attributes and calls nothing."""
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=value) | ast.UnaryOp(operand=value):
            return is_arithmetic(value)
        case ast.BinOp(left=left, right=right):
            return is_arithmetic(left) and is_arithmetic(right)
        case _:
            return False


def is_simple(node: ast.expr) -> bool:
    """Whether evaluating an expression twice costs nothing and changes nothing."""
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.Attribute(value=value) | ast.UnaryOp(operand=value):
            return is_simple(value)
        case ast.Subscript(value=ast.Attribute(attr="shape", value=base), slice=index):
            return is_simple(base) and is_simple(index)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(is_simple(item) for item in items)
        case _:
            return False
