"""Where the statements around a loss go: into its function, or below it."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.passes.captured import rebound
from tojax.translate.passes.dataflow import Scope, reads, writes
from tojax.translate.passes.region import Region


def place_others(
    region: Region, between: list[ast.stmt], tainted: set[ast.stmt], events: set[ast.stmt]
) -> None:
    """Sort the statements that the loss is not computed by: they go where their values are.

    What is bound by statements of the region, or by others that follow it, is not there before.
    """
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
            touched = {name for s in seen for name in (*reads(s), *writes(s))}
            late = reads(statement) & {name for s in seen for name in writes(s)}
            if set(writes(statement)) & (needed if late else touched):
                region.inside.insert(_position(region.inside, between, statement), statement)
                seen.append(statement)
            elif late:
                region.after.append(statement)


def _depends(statement: ast.stmt, others: list[ast.stmt]) -> bool:
    """Whether a statement has to stay behind others: it reads what they bind, or binds it anew."""
    bound = {name for other in others for name in writes(other)}
    used = bound.union(*(reads(other) for other in others))
    return bool(reads(statement) & bound or set(writes(statement)) & used)


def _position(inside: list[ast.stmt], order: list[ast.stmt], statement: ast.stmt) -> int:
    return sum(1 for other in inside if order.index(other) < order.index(statement))


def take_starts(context: FileContext, scope: Scope, region: Region, before: list[ast.stmt]) -> None:
    """Take in what gives a rebound name its first value, such as ``loss = 0``."""
    bound = {name for statement in region.inside for name in writes(statement)}
    placed = (*region.inside, *region.early, *region.after)
    others = [statement for statement in before if statement not in placed]
    for name in rebound(scope, region.inside, region.after):
        start = next((s for s in reversed(others) if name in writes(s)), None)
        if start is None or not _is_start(context, start) or reads(start) & bound:
            continue
        if not any(name in reads(other) for other in others[others.index(start) :]):
            region.inside.insert(_position(region.inside, before, start), start)


def _is_start(context: FileContext, statement: ast.stmt) -> bool:
    """Whether a statement only binds one name, to a constant or a new array of constants."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=func)):
            return context.name(func) in ("torch.zeros", "torch.ones", "torch.tensor")
    return False
