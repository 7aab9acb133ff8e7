"""Whether an expression may stand for a rule: evaluates nothing twice, and is no longer than a
person would write."""

from __future__ import annotations

import ast

from tojax.source.facts import parameters
from tojax.source.trees import children
from tojax.translate.specialise.binding import Argument
from tojax.translate.specialise.literals import is_arithmetic, is_simple
from tojax.translate.specialise.refusals import NotReducible

_MOST_PARTS = 9


def check_length(expression: ast.expr, arguments: list[ast.expr]) -> None:
    """Refuse an expression of which nobody would write so much into one line."""
    parts = 0
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        parts += isinstance(node, ast.Call | ast.BinOp | ast.IfExp | ast.Compare | ast.Subscript)
        if node not in arguments:
            if isinstance(node, ast.Lambda):
                raise NotReducible("a function that a helper had better name")
            stack.extend(children(node))
    if parts > _MOST_PARTS:
        raise NotReducible("too long for one line")


def once_only(function: ast.FunctionDef, bound: dict[str, Argument]) -> list[ast.expr]:
    """The arguments that may be evaluated only once: not a sum or product that is an ``int``."""
    numbers = {
        parameter.arg
        for parameter in parameters(function.args)
        if isinstance(parameter.annotation, ast.Name) and parameter.annotation.id == "int"
    }
    return [
        argument.node
        for name, argument in bound.items()
        if not (name in numbers and is_arithmetic(argument.node))
    ]


def check_single_use(expression: ast.expr, watched: list[ast.expr]) -> None:
    counts = {node: 0 for node in watched if not is_simple(node)}
    if not counts:
        return
    stack: list[ast.AST] = [expression]
    while stack:
        node = stack.pop()
        if node in counts:
            counts[node] += 1
            if counts[node] > 1:
                raise NotReducible("an argument would be evaluated twice")
        stack.extend(children(node))
