"""Where the statements around a loss go: into its function, or below it."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.passes.captured import rebound
from tojax.translate.passes.dataflow import Scope, changes, reads, text_of, writes
from tojax.translate.passes.region import Region


def place_others(
    region: Region, between: list[ast.stmt], tainted: set[ast.stmt], events: set[ast.stmt]
) -> None:
    """Sort the statements that the loss is not computed by: they go where their values are.

    What is bound by statements of the region, or by others that follow it, is not there before.
    """
    _take_needed(region, [statement for statement in between if statement not in events])
    inside = list(region.inside)
    seen: list[ast.stmt] = []
    for place, statement in enumerate(between):
        if statement in inside:
            seen.append(statement)
        elif statement in events:
            continue
        elif statement in tainted or _depends(statement, region.after):
            region.after.append(statement)
        else:
            needed = reads(region.backward.loss).union(
                *(reads(other) for other in between[place + 1 :] if other in inside)
            )
            touched = {name for s in seen for name in (*reads(s), *changes(s))}
            late = reads(statement) & {name for s in seen for name in changes(s)}
            if set(changes(statement)) & (needed if late else touched):
                region.inside.insert(_position(region.inside, between, statement), statement)
                seen.append(statement)
            elif late:
                region.after.append(statement)


def _take_needed(region: Region, between: list[ast.stmt]) -> None:
    """Take in what carries values of the region on to it, without a gradient: ``y.detach()``."""
    bound: set[str] = set()
    late: set[ast.stmt] = set()
    for statement in between:
        if statement in region.inside or reads(statement) & bound:
            late.add(statement)
            bound |= changes(statement).keys()
    needed = reads(region.backward.loss)
    for statement in reversed(between):
        if statement in region.inside:
            needed = needed | reads(statement)
        elif statement in late and changes(statement).keys() & needed:
            region.inside.insert(_position(region.inside, between, statement), statement)
            needed = needed | reads(statement)


def _depends(statement: ast.stmt, others: list[ast.stmt]) -> bool:
    """Whether a statement has to stay behind others: it reads what they bind, or binds it anew, or
    both act on one thing."""
    bound = {name for other in others for name in (*changes(other), *_acts_on(other))}
    used = bound.union(*(reads(other) for other in others))
    return bool(reads(statement) & bound or {*changes(statement), *_acts_on(statement)} & used)


def _acts_on(statement: ast.stmt) -> set[str]:
    """The object, or else the function, that a statement is nothing but a call of."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner))):
            return {text_of(owner)} - {""}
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return {name}
    return set()


def _position(inside: list[ast.stmt], order: list[ast.stmt], statement: ast.stmt) -> int:
    return sum(1 for other in inside if order.index(other) < order.index(statement))


def take_starts(context: FileContext, scope: Scope, region: Region, before: list[ast.stmt]) -> None:
    """Take in what gives a name its first value that is bound anew, ``loss = 0``, or changed."""
    bound = {name for statement in region.inside for name in writes(statement)}
    placed = (*region.inside, *region.early, *region.after)
    others = [statement for statement in before if statement not in placed]
    for name in [*rebound(scope, region.inside, region.after), *changed(region.inside)]:
        start = next((s for s in reversed(others) if name in writes(s)), None)
        if start is None or not _is_start(context, start) or reads(start) & bound:
            continue
        if start not in region.inside and not any(
            name in reads(other) for other in others[others.index(start) :]
        ):
            region.inside.insert(_position(region.inside, before, start), start)


def changed(statements: list[ast.stmt]) -> list[str]:
    """The lists, sets and dicts that statements change, and do not make."""
    bound = {name for statement in statements for name in writes(statement)}
    found = {name: None for statement in statements for name in changes(statement)}
    return [name for name in found if name not in bound]


def _is_start(context: FileContext, statement: ast.stmt) -> bool:
    """Whether a statement only gives names their first values."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_plain(context, value)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            are_names = all(isinstance(name, ast.Name) for name in names)
            return are_names and all(_is_plain(context, value) for value in values)
    return False


def _is_plain(context: FileContext, value: ast.expr) -> bool:
    """Whether a value is a constant, a new array of constants, or a new empty list, dict or set."""
    match value:
        case ast.Constant() | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="list" | "dict" | "set"), args=[], keywords=[]):
            return True
        case ast.Call(func=func):
            return context.name(func) in ("torch.zeros", "torch.ones", "torch.tensor")
    return False
