"""Folds the statements of a rule function for one call, up to the return."""

from __future__ import annotations

import ast

from tojax.translate.specialise.frame import Frame
from tojax.translate.specialise.literals import is_unknown, static
from tojax.translate.specialise.refusals import NotReducible, Unsupported


def returned(frame: Frame, body: list[ast.stmt]) -> ast.expr | None:
    """What the statements return, folded; None if they end without a return."""
    for statement in body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Return(value=None):
                return ast.Constant(None)
            case ast.Return(value=ast.expr() as value):
                return frame.fold(value)
            case ast.Raise(exc=ast.Call(args=[ast.Constant(value=str(reason)), *_])):
                raise Unsupported(reason)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                frame.bind(name, frame.fold(value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                frame.bind(name, frame.fold(value))
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
                _unpack(frame, targets, frame.fold(value))
            case ast.If(test=test, body=then, orelse=otherwise):
                chosen = then if _truth(frame, test) else otherwise
                result = returned(frame, chosen)
                if result is not None:
                    return result
            case _:
                raise NotReducible(type(statement).__name__)
    return None


def _unpack(frame: Frame, targets: list[ast.expr], value: ast.expr) -> None:
    if not isinstance(value, ast.Tuple) or len(value.elts) != len(targets):
        raise NotReducible("unpacking")
    for target, item in zip(targets, value.elts, strict=True):
        if not isinstance(target, ast.Name):
            raise NotReducible("unpacking")
        frame.bind(target.id, item)


def _truth(frame: Frame, test: ast.expr) -> bool:
    value = static(frame.fold(test))
    if is_unknown(value):
        raise NotReducible("a test that is not known")
    return bool(value)
