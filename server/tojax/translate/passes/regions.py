"""The statements between a module and its loss, gathered into a function to differentiate."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.captured import rebound
from tojax.translate.passes.dataflow import Scope, changes, reads, text_of, writes
from tojax.translate.passes.links import is_loss
from tojax.translate.passes.placement import changed, place_others, take_starts
from tojax.translate.passes.region import Backward, Region

Uses = Callable[[ast.AST], bool]
"""Whether a node computes with one of the modules of a backward."""


def find_region(
    context: FileContext,
    scope: Scope,
    backward: Backward,
    gradient_events: set[ast.stmt],
    updates: set[ast.stmt],
    uses: Uses,
) -> Region | None:
    """Sort the statements before a backward; None if they cannot be separated.

    Args:
        context: the file.
        scope: the function that the backward is in.
        backward: what to differentiate.
        gradient_events: statements that zero, gather, clip or apply gradients.
        updates: those of them that end another backward's work.
        uses: whether a node computes with one of the backward's modules.
    """
    before = _since_bound(context, backward, backward.statement)
    names = _parameters_kept(context, scope, backward)
    tainted = _tainted(before, uses, names)
    inside = _contributing(before, tainted, reads(backward.loss))
    if not inside and not uses(backward.loss):
        return _around_branch(context, scope, backward, gradient_events, updates, uses)
    first = before.index(inside[0]) if inside else len(before)
    between = before[first:]
    barriers = [s for s in between if _has_any(s, updates)]
    region = Region(backward, inside, [], [], [])
    if barriers:
        if not _split(context, scope, region, between, barriers, uses):
            return None
        between = between[between.index(barriers[-1]) + 1 :]
    place_others(region, between, tainted, gradient_events)
    if rebound(scope, region.early, []):
        return None
    return _completed(context, scope, region, before)


def _around_branch(
    context: FileContext,
    scope: Scope,
    backward: Backward,
    gradient_events: set[ast.stmt],
    updates: set[ast.stmt],
    uses: Uses,
) -> Region | None:
    """The region of a backward in an ``if`` that has its loss from before: ``if is_training:``."""
    branch = context.edits.parents[backward.statement]
    if not isinstance(branch, ast.If) or backward.statement not in branch.body:
        return None
    before = _since_bound(context, backward, branch)
    tainted = _tainted(before, uses, _parameters_kept(context, scope, backward))
    inside = _contributing(before, tainted, reads(backward.loss))
    if not inside or _is_elif(branch.orelse):
        return None
    between = before[before.index(inside[0]) :]
    region = Region(backward, inside, [], [], [], branch=branch)
    place_others(region, between, tainted, gradient_events)
    early = branch.body[: branch.body.index(backward.statement)]
    late = {name for s in region.after for name in writes(s)}
    bound = late.union(*(writes(s) for s in region.inside))
    if any(_has_any(s, updates) for s in between) or reads(branch.test) & bound:
        return None
    if any(reads(s) & bound for s in early) or reads(branch) & late:
        return None
    return _completed(context, scope, region, before)


def _is_elif(orelse: list[ast.stmt]) -> bool:
    return len(orelse) == 1 and isinstance(orelse[0], ast.If)


def _completed(
    context: FileContext, scope: Scope, region: Region, before: list[ast.stmt]
) -> Region | None:
    """Find what goes into the function, and what comes out of it.

    None if it would leave traced values in a list from outside, or compute with parameters that
    were taken from the module outside.
    """
    take_starts(context, scope, region, before)
    if changed([*region.early, *region.inside]):
        return None
    kept = _parameters_kept(context, scope, region.backward)
    if any(reads(statement) & kept for statement in (*region.early, *region.inside)):
        return None
    region.given = rebound(scope, region.inside, region.after)
    _find_results(scope, region)
    _find_modules(context, region)
    return region


def _since_bound(context: FileContext, backward: Backward, statement: ast.stmt) -> list[ast.stmt]:
    """The statements of a block before one, from where the backward's module is made."""
    block = context.edits.block_of(statement)
    before = block[: block.index(statement)]
    models = set(backward.models)
    made = [n for n, statement in enumerate(before) if models & writes(statement).keys()]
    return before[made[-1] + 1 :] if made else before


def _parameters_kept(context: FileContext, scope: Scope, backward: Backward) -> set[str]:
    """Names that hold parameters of the modules, from before the block of the backward."""
    block = context.edits.block_of(backward.statement)
    return {
        node.targets[0].id
        for node in walk(scope)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node not in block
        and _holds_parameters(context, node.value, backward.models)
    }


def _holds_parameters(context: FileContext, node: ast.expr, models: tuple[str, ...]) -> bool:
    """Whether a value is a parameter of a module, or some of them: not what is computed of them."""
    match node:
        case ast.Call(func=ast.Name(id="list" | "tuple" | "dict" | "next"), args=[inner, *_]):
            return _holds_parameters(context, inner, models)
        case ast.Call(func=ast.Name(id="filter"), args=[_, inner]):
            return _holds_parameters(context, inner, models)
        case ast.ListComp(elt=ast.Name(), generators=[ast.comprehension(iter=inner)]):
            return _holds_parameters(context, inner, models)
        case ast.Call(func=ast.Attribute(value=owner, attr="parameters" | "named_parameters")):
            return any(f"{text_of(owner)}.".startswith(f"{model}.") for model in models)
        case ast.Attribute() if context.kind(node).tag == "parameter":
            return any(text_of(node).startswith(f"{model}.") for model in models)
    return False


def _live_reads(node: ast.AST) -> set[str]:
    """Names that a node reads other than through ``.detach()`` and ``.item()``."""
    found: set[str] = set()
    skipped: set[ast.AST] = set()
    for part in walk(node):
        if part in skipped:
            continue
        match part:
            case ast.Attribute(attr="detach" | "item" | "data", value=inner):
                skipped.update(walk(inner))
            case ast.Name(ctx=ast.Load()):
                found.add(part.id)
    return found


def _tainted(statements: list[ast.stmt], uses: Uses, names: set[str]) -> set[ast.stmt]:
    """Statements whose results depend on the modules' parameters, some under ``names``."""
    tainted: set[ast.stmt] = set()
    names = set(names)
    for statement in statements:
        if uses(statement) or _live_reads(statement) & names:
            tainted.add(statement)
            names |= set(changes(statement))
        elif isinstance(statement, ast.Assign):
            names -= set(writes(statement))
    return tainted


def _contributing(
    statements: list[ast.stmt], tainted: set[ast.stmt], needed: set[str]
) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in reversed(statements):
        if statement in tainted and set(changes(statement)) & needed:
            found.insert(0, statement)
            if isinstance(statement, ast.Assign):
                needed = needed - _bound_anew(statement)
            needed = needed | reads(statement)
        elif isinstance(statement, ast.Assign) and statement not in tainted:
            needed = needed - _bound_anew(statement)
    return found


def _bound_anew(statement: ast.Assign) -> set[str]:
    parts = (part for target in statement.targets for part in walk(target))
    return {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}


def _split(
    context: FileContext,
    scope: Scope,
    region: Region,
    between: list[ast.stmt],
    barriers: list[ast.stmt],
    uses: Uses,
) -> bool:
    """Two stages: up to the first update of another module, and after the last one."""
    start, end = between.index(barriers[0]), between.index(barriers[-1])
    early = [s for s in region.inside if between.index(s) < start]
    late = [s for s in region.inside if s not in early]
    for place, statement in enumerate(between[: end + 1]):
        others = [s for s in between[place + 1 : end + 1] if s not in late]
        waits = statement not in barriers and _can_wait(context, statement, others)
        if statement in late and not waits:
            return False
    if not early:
        return False
    if any(uses(s) for s in (*late, region.backward.loss)):
        return False
    bound = [name for s in early for name in writes(s)]
    used = set().union(reads(region.backward.loss), *(reads(s) for s in late))
    if not used.intersection(bound):
        return False
    outside = _read_outside(scope, region)
    crossing = [name for name in dict.fromkeys(bound) if name in used or name in outside]
    region.early, region.inside, region.crossing = early, late, crossing
    region.barrier = barriers[0]
    return True


def _can_wait(context: FileContext, statement: ast.stmt, others: list[ast.stmt]) -> bool:
    """Whether a statement may stand below others: it is arithmetic on what they do not touch."""
    bound = changes(statement).keys()
    used = bound | reads(statement)
    calls = [part.func for part in walk(statement) if isinstance(part, ast.Call)]
    return all(
        context.name(func).startswith("torch.") or is_loss(context.kind(func)) for func in calls
    ) and not any(used & changes(other).keys() or bound & reads(other) for other in others)


def _has_any(statement: ast.stmt, wanted: set[ast.stmt]) -> bool:
    return any(part in wanted for part in walk(statement))


def _find_results(scope: Scope, region: Region) -> None:
    """Names bound inside that something outside still reads."""
    outside = _read_outside(scope, region)
    loss = region.backward.loss
    bound = dict.fromkeys(name for s in region.inside for name in writes(s))
    region.results = [
        name
        for name in bound
        if name in outside and not (isinstance(loss, ast.Name) and loss.id == name)
    ]


def _read_outside(scope: Scope, region: Region) -> set[str]:
    inside = {part for s in (*region.inside, *region.early) for part in walk(s)}
    for node in (region.backward.statement, *region.backward.earlier):
        inside |= set(walk(node))
    outside: set[str] = set()
    for part in walk(scope):
        if part not in inside and isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            outside.add(part.id)
        elif part not in inside and isinstance(part, ast.AugAssign | ast.Delete):
            outside |= reads(part)
    return outside


def share_modules(region: Region, others: Iterable[Region]) -> bool:
    """Give regions that have statements in common each other's modules, as they are printed alike.

    False if that cannot be: no statement can be an early one of both.
    """
    for other in others:
        if {*region.early} & {*other.early}:
            return False
        for one, two in ((region, other), (other, region)):
            common = {*two.inside, *two.early}
            foreign = [m for m in two.backward.models if m not in one.backward.models]
            if common.intersection(one.inside):
                one.modules += [m for m in foreign if "." in m and m not in one.modules]
            if common.intersection(one.early):
                one.is_put_off = one.is_put_off or one.early[-1] in common
                one.read_early += [m for m in foreign if "." in m and m not in one.read_early]
    return True


def _find_modules(context: FileContext, region: Region) -> None:
    """Other modules that the function computes with: their state must pass through it too."""
    found: dict[str, None] = {}
    for statement in (*region.inside, region.backward.loss):
        for part in walk(statement):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                kind = context.kind(part)
                if kind.tag == "module" and not is_loss(kind) and part.id != "self":
                    found[part.id] = None
    models = region.backward.models
    region.modules = [
        name for name in found if not any(f"{model}.".startswith(f"{name}.") for model in models)
    ]
