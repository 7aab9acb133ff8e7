"""The statements between a module and its loss, gathered into a function to differentiate."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tojax.translate.context import FileContext
from tojax.translate.passes.captured import rebound
from tojax.translate.passes.dataflow import Scope, reads, text_of, writes
from tojax.translate.passes.links import is_loss

_QUIET = {"train", "eval", "zero_grad", "parameters", "to", "named_parameters"}


@dataclass(frozen=True)
class Backward:
    """One ``loss.backward()``: where it stands, the loss, and the modules to differentiate."""

    node: ast.Call
    statement: ast.stmt
    loss: ast.expr
    models: tuple[str, ...]


@dataclass
class Region:
    """A backward's statements by where they go.

    ``inside`` the function to differentiate, ``after`` it (they use results, but the loss does not
    use them), ``early``: inside, but before an update of another module, so that the derivative is
    taken in two stages through the variables ``crossing``. ``modules`` and ``given`` are what else
    it has to be given: other modules, and values that it rebinds.
    """

    backward: Backward
    inside: list[ast.stmt]
    after: list[ast.stmt]
    results: list[str]
    modules: list[str]
    given: list[str] = field(default_factory=list)
    early: list[ast.stmt] = field(default_factory=list)
    crossing: list[str] = field(default_factory=list)


def find_region(
    context: FileContext,
    scope: Scope,
    backward: Backward,
    gradient_events: set[ast.stmt],
    updates: set[ast.stmt],
) -> Region | None:
    """Sort the statements before a backward; None if they cannot be separated.

    Args:
        context: the file.
        scope: the function that the backward is in.
        backward: what to differentiate.
        gradient_events: statements that zero, gather, clip or apply gradients.
        updates: those of them that end another backward's work.
    """
    before = _since_bound(context, backward)
    tainted = _tainted(context, before, backward.models)
    inside = _contributing(before, tainted, reads(backward.loss))
    if not inside and not _uses(context, backward.loss, backward.models):
        return None
    first = before.index(inside[0]) if inside else len(before)
    between = before[first:]
    barriers = [s for s in between if _has_any(s, updates)]
    region = Region(backward, inside, [], [], [])
    if barriers:
        if not _split(context, region, between, barriers):
            return None
        between = between[between.index(barriers[-1]) + 1 :]
    _place_others(region, between, tainted, gradient_events)
    if rebound(scope, region.early, []):
        return None
    _take_starts(context, scope, region, before)
    region.given = rebound(scope, region.inside, region.after)
    _find_results(scope, region)
    _find_modules(context, region)
    return region


def _since_bound(context: FileContext, backward: Backward) -> list[ast.stmt]:
    """The statements of a backward's block before it, from where its module is made or replaced."""
    block = context.edits.block_of(backward.statement)
    before = block[: block.index(backward.statement)]
    models = set(backward.models)
    made = [n for n, statement in enumerate(before) if models & writes(statement).keys()]
    return before[made[-1] + 1 :] if made else before


def _uses(context: FileContext, node: ast.AST, models: tuple[str, ...]) -> bool:
    """Whether a node computes with one of the modules, not only switches its mode."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and text_of(part) in models:
            parent = context.edits.parents.get(part)
            if not isinstance(parent, ast.Attribute) or _computes(context, parent):
                return True
    return False


def _computes(context: FileContext, node: ast.Attribute) -> bool:
    """Whether an attribute of a module takes part in its computation (``config`` does not)."""
    if node.attr in _QUIET:
        return False
    parent = context.edits.parents.get(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    return called or context.kind(node).tag in ("module", "modules", "parameter", "buffer")


def _live_reads(node: ast.AST) -> set[str]:
    """Names that a node reads other than through ``.detach()`` and ``.item()``."""
    found: set[str] = set()
    skipped: set[ast.AST] = set()
    for part in ast.walk(node):
        if part in skipped:
            continue
        match part:
            case ast.Attribute(attr="detach" | "item" | "data", value=inner):
                skipped.update(ast.walk(inner))
            case ast.Name(ctx=ast.Load()):
                found.add(part.id)
    return found


def _tainted(
    context: FileContext, statements: list[ast.stmt], models: tuple[str, ...]
) -> set[ast.stmt]:
    """Statements whose results depend on the modules' parameters."""
    tainted: set[ast.stmt] = set()
    names: set[str] = set()
    for statement in statements:
        if _uses(context, statement, models) or _live_reads(statement) & names:
            tainted.add(statement)
            names |= set(writes(statement))
        elif isinstance(statement, ast.Assign):
            names -= set(writes(statement))
    return tainted


def _contributing(
    statements: list[ast.stmt], tainted: set[ast.stmt], needed: set[str]
) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in reversed(statements):
        if statement in tainted and set(writes(statement)) & needed:
            found.insert(0, statement)
            if isinstance(statement, ast.Assign):
                needed = needed - _bound_anew(statement)
            needed = needed | reads(statement)
    return found


def _bound_anew(statement: ast.Assign) -> set[str]:
    parts = (part for target in statement.targets for part in ast.walk(target))
    return {p.id for p in parts if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}


def _take_starts(
    context: FileContext, scope: Scope, region: Region, before: list[ast.stmt]
) -> None:
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


def _place_others(
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


def _split(
    context: FileContext,
    region: Region,
    between: list[ast.stmt],
    barriers: list[ast.stmt],
) -> bool:
    """Two stages: up to the first update of another module, and after the last one."""
    start, end = between.index(barriers[0]), between.index(barriers[-1])
    early = [s for s in region.inside if between.index(s) < start]
    late = [s for s in region.inside if between.index(s) > end]
    if len(early) + len(late) < len(region.inside) or not early:
        return False
    models = region.backward.models
    if any(_uses(context, s, models) for s in (*late, region.backward.loss)):
        return False
    bound = [name for s in early for name in writes(s)]
    used = set().union(reads(region.backward.loss), *(reads(s) for s in late))
    crossing = [name for name in dict.fromkeys(bound) if name in used]
    if len(crossing) != 1:
        return False
    region.early, region.inside, region.crossing = early, late, crossing
    return True


def _has_any(statement: ast.stmt, wanted: set[ast.stmt]) -> bool:
    return any(part in wanted for part in ast.walk(statement))


def _find_results(scope: Scope, region: Region) -> None:
    """Names bound inside that something outside still reads."""
    inside = {part for s in (*region.inside, *region.early) for part in ast.walk(s)}
    inside |= set(ast.walk(region.backward.statement))
    outside: set[str] = set()
    for part in ast.walk(scope):
        if part not in inside and isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            outside.add(part.id)
        elif part not in inside and isinstance(part, ast.AugAssign | ast.Delete):
            outside |= reads(part)
    loss = region.backward.loss
    bound = dict.fromkeys(name for s in region.inside for name in writes(s))
    region.results = [
        name
        for name in bound
        if name in outside and not (isinstance(loss, ast.Name) and loss.id == name)
    ]


def _find_modules(context: FileContext, region: Region) -> None:
    """Other modules that the function computes with: their state must pass through it too."""
    found: dict[str, None] = {}
    for statement in (*region.inside, region.backward.loss):
        for part in ast.walk(statement):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                kind = context.kind(part)
                if kind.tag == "module" and not is_loss(kind) and part.id != "self":
                    found[part.id] = None
    models = region.backward.models
    region.modules = [
        name for name in found if not any(f"{model}.".startswith(f"{name}.") for model in models)
    ]
