"""Operator precedence: when an expression needs parentheses inside another."""

from __future__ import annotations

import ast

NAMED, TUPLE, TEST, OR, AND, NOT, COMPARE = range(7)
BIT_OR, BIT_XOR, BIT_AND, SHIFT, ARITH, TERM, FACTOR, POWER, AWAIT, ATOM = range(7, 17)

_BINARY: dict[type[ast.operator], int] = {
    ast.BitOr: BIT_OR, ast.BitXor: BIT_XOR, ast.BitAnd: BIT_AND, ast.LShift: SHIFT,
    ast.RShift: SHIFT, ast.Add: ARITH, ast.Sub: ARITH, ast.Mult: TERM, ast.Div: TERM,
    ast.FloorDiv: TERM, ast.Mod: TERM, ast.MatMult: TERM, ast.Pow: POWER,
}  # fmt: skip


def precedence(node: ast.AST) -> int:
    """How tightly an expression holds together; `ATOM` never needs parentheses."""
    match node:
        case ast.NamedExpr():
            return NAMED
        case ast.Tuple() | ast.Yield() | ast.YieldFrom():
            return TUPLE
        case ast.IfExp() | ast.Lambda():
            return TEST
        case ast.BoolOp(op=ast.Or()):
            return OR
        case ast.BoolOp():
            return AND
        case ast.UnaryOp(op=ast.Not()):
            return NOT
        case ast.Compare():
            return COMPARE
        case ast.BinOp(op=operator):
            return _BINARY[type(operator)]
        case ast.UnaryOp():
            return FACTOR
        case ast.Await():
            return AWAIT
        case ast.Constant(value=int() | float() | complex() as value) if (
            not isinstance(value, bool) and isinstance(value, complex | float) and value != value
        ):
            return FACTOR
        case _:
            return ATOM


def required(parent: ast.AST, child: ast.AST) -> int:
    """The precedence that ``child`` must have to stand inside ``parent`` without parentheses."""
    match parent:
        case ast.BinOp(left=left, op=operator):
            own = _BINARY[type(operator)]
            if isinstance(operator, ast.Pow):
                return AWAIT if child is left else FACTOR
            return own if child is left else own + 1
        case ast.UnaryOp(op=ast.Not()):
            return NOT
        case ast.UnaryOp():
            return FACTOR
        case ast.BoolOp(op=ast.Or()):
            return AND
        case ast.BoolOp():
            return NOT
        case ast.Compare():
            return BIT_OR
        case ast.IfExp(orelse=orelse):
            return TEST if child is orelse else OR
        case ast.Attribute() | ast.Await():
            return ATOM
        case ast.Subscript(value=value):
            return ATOM if child is value else NAMED
        case ast.Call(func=func):
            return ATOM if child is func else TEST
        case ast.Lambda():
            return TEST
        case ast.Starred():
            return BIT_OR
        case ast.comprehension():
            return OR
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.keyword() | ast.arguments():
            return TEST
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
            return TEST
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Return() | ast.Expr():
            return TUPLE
        case _:
            return NAMED
