"""What a function made of a block's statements has to be given: names that it reads and rebinds."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tojax.source.facts import parameters
from tojax.source.trees import walk
from tojax.translate.passes.dataflow import Scope, reads, writes


def rebound(scope: Scope, statements: list[ast.stmt], moved: list[ast.stmt]) -> list[str]:
    """Names that statements may read before they bind them, and that have a value by then.

    Args:
        scope: the function or file that the statements are in.
        statements: what is to be made a function, printed where the last one stands.
        moved: statements that are printed below it.
    """
    exposed: set[str] = set()
    _flow(statements, set(), exposed)
    bound = _names(name for statement in statements for name in writes(statement))
    wanted = [name for name in bound if name in exposed]
    return [name for name in wanted if name in _bound_before(scope, [*statements, *moved])]


def _names(texts: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(text for text in texts if "." not in text)


def _bound_before(scope: Scope, left_out: list[ast.stmt]) -> set[str]:
    """Names that a scope binds above the last of some statements, other than in these."""
    found: set[str] = set()
    if not isinstance(scope, ast.Module):
        found |= {argument.arg for argument in parameters(scope.args)}
    if not left_out:
        return found
    own = {part for statement in left_out for part in walk(statement)}
    end = max(statement.lineno for statement in left_out)
    for node in walk(scope):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.lineno < end and node not in own:
                found.add(node.id)
    return found


def _flow(statements: list[ast.stmt], bound: set[str], exposed: set[str]) -> set[str] | None:
    """Collect the names that are read unbound; returns those bound at the end, if it is reached."""
    bound = set(bound)
    for statement in statements:
        match statement:
            case ast.If(test=test, body=body, orelse=orelse):
                exposed |= reads(test) - bound
                ends = [_flow(block, bound, exposed) for block in (body, orelse)]
                reached = [end for end in ends if end is not None]
                if not reached:
                    return None
                bound = set.intersection(*reached)
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                exposed |= reads(iterable) - bound
                _flow(body, bound | writes(target).keys(), exposed)
                _flow(orelse, bound, exposed)
            case ast.While(test=test, body=body, orelse=orelse):
                exposed |= reads(test) - bound
                _flow(body, bound, exposed)
                _flow(orelse, bound, exposed)
            case ast.With(items=items, body=body):
                for item in items:
                    exposed |= reads(item) - bound
                    bound |= writes(item).keys()
                end = _flow(body, bound, exposed)
                if end is None:
                    return None
                bound = end
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                for block in (body, *(handler.body for handler in handlers), orelse, final):
                    _flow(block, bound, exposed)
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                exposed |= reads(statement) - bound
                return None
            case _:
                exposed |= reads(statement) - bound - _own(statement)
                bound |= writes(statement).keys()
    return bound


def _own(statement: ast.stmt) -> set[str]:
    """Names that belong to the comprehensions and functions inside a statement."""
    found: set[str] = set()
    for part in walk(statement):
        if isinstance(part, ast.comprehension):
            found |= writes(part.target).keys()
        elif isinstance(part, ast.arg):
            found.add(part.arg)
    return found
