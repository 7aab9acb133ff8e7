"""Kinds of what operators give, from the kinds of their operands."""

from __future__ import annotations

import ast

from tojax.source.kinds import (
    ARRAY,
    BOOL,
    FLOAT,
    INT,
    MASK,
    NUMPY,
    SHAPE,
    STR,
    UNKNOWN,
    Kind,
    is_array,
    iterated,
    join,
)

_BIT_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor)


def binary(left: Kind, operator: ast.operator, right: Kind) -> Kind:
    """Kind of ``left + right`` and the like."""
    if left == MASK and right == MASK and isinstance(operator, _BIT_OPERATORS):
        return MASK
    if is_array(left) or is_array(right) or isinstance(operator, ast.MatMult):
        return ARRAY
    if NUMPY in (left, right):
        return NUMPY
    if isinstance(operator, ast.Div) and {left.tag, right.tag} <= {"int", "float"}:
        return FLOAT
    if left.tag == "shape" or right.tag == "shape":
        return SHAPE
    if left == STR or right == STR:
        return STR
    if isinstance(operator, ast.Mult) and _is_repeated_shape(left, right):
        return SHAPE
    if left.tag == "tuple" and right.tag == "tuple":
        return Kind("tuple", left.items + right.items)
    if left.tag == "list" or right.tag == "list":
        return join(*(kind for kind in (left, right) if kind.tag == "list"))
    return join(left, right)


def _is_repeated_shape(left: Kind, right: Kind) -> bool:
    """``(1,) * 3``, which need not be known to have three items."""
    sizes = left if left.tag == "tuple" else right
    return {left.tag, right.tag} == {"tuple", "int"} and {i.tag for i in sizes.items} == {"int"}


def unary(operator: ast.unaryop, operand: Kind) -> Kind:
    """Kind of ``-operand`` and the like."""
    if isinstance(operator, ast.Not):
        return BOOL
    if operand == MASK and isinstance(operator, ast.Invert):
        return MASK
    return ARRAY if is_array(operand) else operand


def comparison(operators: list[ast.cmpop], operands: list[Kind]) -> Kind:
    """Kind of ``a < b < c``."""
    if any(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in operators):
        return BOOL
    if any(map(is_array, operands)):
        return MASK
    if NUMPY in operands:
        return NUMPY
    # what is not known may be an array, NumPy's too
    return UNKNOWN if any(kind.tag in ("unknown", "external") for kind in operands) else BOOL


def subscript(base: Kind, index: ast.expr) -> Kind:
    """Kind of ``base[index]``."""
    if is_array(base):
        return MASK if base == MASK else ARRAY
    if base == NUMPY:
        return NUMPY
    if base.tag == "dict" and base.items:
        return base.items[0] if len(base.items) == 1 else Kind("class", base.items)
    if base.tag == "shape":
        return SHAPE if isinstance(index, ast.Slice) else INT
    if base.tag == "tuple":
        number = _integer(index)
        if number is not None:
            return base.item(number)
        return Kind("list", (join(*base.items),), "tuple") if base.items else UNKNOWN
    if isinstance(index, ast.Slice) and base.tag in ("list", "modules", "module"):
        return base
    if base.tag == "module" and base.items:
        number = _integer(index)
        if number is not None and -len(base.items) <= number < len(base.items):
            return base.items[number]
    return iterated(base)


def _integer(node: ast.expr) -> int | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, int) else None
