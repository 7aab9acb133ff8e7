"""What a test that came out true (or false) says about the names in it."""

from __future__ import annotations

import ast

from tojax.source.inference.scope import Scope
from tojax.source.kinds import INT, STR, UNKNOWN, Kind, join
from tojax.source.program import Program


def narrowing(
    test: ast.expr, scope: Scope, program: Program, outcome: bool = True
) -> dict[str, Kind]:
    """Kinds of names after a test: ``x is not None``, ``isinstance(x, …)``, and both combined.

    Args:
        test: the condition.
        scope: the names that are visible to it.
        program: knows the user's classes.
        outcome: how it came out.
    """
    match test:
        case ast.BoolOp(op=operator, values=values):
            if isinstance(operator, ast.And) != outcome:
                return {}
            parts = [narrowing(value, scope, program, outcome) for value in values]
            return {name: kind for part in parts for name, kind in part.items()}
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return narrowing(operand, scope, program, not outcome)
        case ast.Compare(
            left=ast.Name(id=name),
            ops=[ast.Is() | ast.IsNot() as operator],
            comparators=[ast.Constant(value=None)],
        ):
            kind = scope.lookup(name)
            if kind is not None and isinstance(operator, ast.IsNot) == outcome:
                return {name: kind.present()}
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), classes]):
            kind = _instance_of(classes, scope, program) if outcome else UNKNOWN
            return {name: kind} if kind != UNKNOWN else {}
    return {}


def _instance_of(classes: ast.expr, scope: Scope, program: Program) -> Kind:
    """Kind of an instance of one of the classes that are given to ``isinstance``."""
    options = classes.elts if isinstance(classes, ast.Tuple) else [classes]
    kinds = [_class_kind(option, scope, program) for option in options]
    if not kinds or UNKNOWN in kinds:
        return UNKNOWN
    joined = join(*kinds)
    if joined == UNKNOWN and all(kind.tag == "module" for kind in kinds):
        return Kind("module")
    return joined


def _class_kind(node: ast.expr, scope: Scope, program: Program) -> Kind:
    if isinstance(node, ast.Name) and node.id in ("int", "str"):
        return INT if node.id == "int" else STR
    return program.annotated_kind(node, scope.module)
