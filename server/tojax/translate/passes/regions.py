"""The statements between a module and its loss, gathered into a function to differentiate."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tojax.source.facts import Function
from tojax.translate.context import FileContext
from tojax.translate.edits import Keep, Moved, Verbatim
from tojax.translate.passes.dataflow import reads, text_of, writes

Scope = Function | ast.Module
_QUIET = {"train", "eval", "zero_grad", "parameters", "to", "named_parameters"}


@dataclass(frozen=True)
class Backward:
    """One ``loss.backward()``: where it stands, the loss, and the module to differentiate."""

    node: ast.Call
    statement: ast.stmt
    loss: ast.expr
    model: str


@dataclass
class Region:
    """A backward's statements by where they go.

    ``inside`` the function to differentiate, ``after`` it (they use results, but the loss does not
    use them), ``early``: inside, but before an update of another module, so that the derivative is
    taken in two stages through the variables ``crossing``.
    """

    backward: Backward
    inside: list[ast.stmt]
    after: list[ast.stmt]
    results: list[str]
    modules: list[str]
    early: list[ast.stmt] = field(default_factory=list)
    crossing: list[str] = field(default_factory=list)


def find_region(
    context: FileContext,
    scope: Scope,
    backward: Backward,
    gradient_events: set[ast.stmt],
    updates: set[ast.stmt],
    zeroes: set[ast.stmt],
) -> Region | None:
    """Sort the statements before a backward; None if they cannot be separated.

    Args:
        context: the file.
        scope: the function that the backward is in.
        backward: what to differentiate.
        gradient_events: statements that zero, gather, clip or apply gradients.
        updates: those of them that end another backward's work.
        zeroes: those of them that only reset gradients.
    """
    parent = context.edits.parents[backward.statement]
    block = next(
        (
            body
            for name in ("body", "orelse", "finalbody")
            if isinstance(body := getattr(parent, name, None), list) and backward.statement in body
        ),
        [],
    )
    before = block[: block.index(backward.statement)] if block else []
    tainted, names = _tainted(context, before, backward.model)
    inside = _contributing(before, tainted, reads(backward.loss))
    if not inside and not _uses(context, backward.loss, backward.model):
        return None
    first = before.index(inside[0]) if inside else len(before)
    between = before[first:]
    barriers = [s for s in between if _has_any(context, s, updates)]
    region = Region(backward, inside, [], [], [])
    if barriers and not _split(context, region, between, barriers, names):
        return None
    if not barriers:
        _place_others(region, between, tainted, gradient_events)
    _find_results(context, scope, region, block)
    _find_modules(context, region)
    return region


def _uses(context: FileContext, node: ast.AST, model: str) -> bool:
    """Whether a node computes with a module, not only switches its mode."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name | ast.Attribute) and text_of(part) == model:
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


def _live_reads(context: FileContext, node: ast.AST) -> set[str]:
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
    context: FileContext, statements: list[ast.stmt], model: str
) -> tuple[set[ast.stmt], set[str]]:
    """Statements whose results depend on the module's parameters, and the names they bind."""
    tainted: set[ast.stmt] = set()
    names: set[str] = set()
    for statement in statements:
        if _uses(context, statement, model) or _live_reads(context, statement) & names:
            tainted.add(statement)
            names |= set(writes(statement))
        elif isinstance(statement, ast.Assign):
            names -= set(writes(statement))
    return tainted, names


def _contributing(
    statements: list[ast.stmt], tainted: set[ast.stmt], needed: set[str]
) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for statement in reversed(statements):
        if statement in tainted and set(writes(statement)) & needed:
            found.insert(0, statement)
            needed = needed | reads(statement)
    return found


def _place_others(
    region: Region, between: list[ast.stmt], tainted: set[ast.stmt], events: set[ast.stmt]
) -> None:
    inside = list(region.inside)
    seen: list[ast.stmt] = []
    for statement in between:
        if statement in inside:
            seen.append(statement)
        elif statement in events:
            continue
        elif statement in tainted:
            region.after.append(statement)
        else:
            touched = {name for s in seen for name in (*reads(s), *writes(s))}
            if set(writes(statement)) & touched:
                region.inside.insert(_position(region.inside, between, statement), statement)
                seen.append(statement)


def _position(inside: list[ast.stmt], order: list[ast.stmt], statement: ast.stmt) -> int:
    return sum(1 for other in inside if order.index(other) < order.index(statement))


def _split(
    context: FileContext,
    region: Region,
    between: list[ast.stmt],
    barriers: list[ast.stmt],
    names: set[str],
) -> bool:
    """Two stages: up to the first update of another module, and after the last one."""
    start, end = between.index(barriers[0]), between.index(barriers[-1])
    early = [s for s in region.inside if between.index(s) < start]
    late = [s for s in region.inside if between.index(s) > end]
    if len(early) + len(late) < len(region.inside) or not early:
        return False
    model = region.backward.model
    if any(_uses(context, s, model) for s in (*late, region.backward.loss)):
        return False
    bound = [name for s in early for name in writes(s)]
    used = set().union(reads(region.backward.loss), *(reads(s) for s in late))
    crossing = [name for name in dict.fromkeys(bound) if name in used]
    if len(crossing) != 1:
        return False
    region.early, region.inside, region.crossing = early, late, crossing
    return True


def _has_any(context: FileContext, statement: ast.stmt, wanted: set[ast.stmt]) -> bool:
    return any(part in wanted for part in ast.walk(statement))


def _find_results(
    context: FileContext, scope: Scope, region: Region, block: list[ast.stmt]
) -> None:
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
                is_loss = kind.name.startswith("torch.nn.") and kind.name.endswith("Loss")
                if kind.tag == "module" and not is_loss and part.id != "self":
                    found[part.id] = None
    found.pop(region.backward.model, None)
    region.modules = [name for name in found if not region.backward.model.startswith(f"{name}.")]


# output


def emit(context: FileContext, region: Region, grads: str, *, fresh: bool) -> None:
    """Write the function, the call that differentiates it, and the statements after it."""
    context.imports.add("from flax import nnx")
    backward = region.backward
    target = grads if fresh else f"new_{grads}"
    parameter = backward.model.rpartition(".")[2]
    if "." in backward.model:
        for statement in (*region.inside, *region.early, backward.loss):
            _rename_model(context, statement, backward.model, parameter)
    loss_name = _function_name(context, region)
    made: list[ast.stmt] = []
    if region.early:
        _emit_early(context, region, parameter)
        made += _late_stage(context, region, target, loss_name)
    else:
        made += _single_stage(context, region, target, loss_name, parameter)
    if not fresh:
        context.imports |= {"import jax", "import jax.numpy as jnp"}
        text = f"new_{grads} if {grads} is None else jax.tree.map(jnp.add, {grads}, new_{grads})"
        value = ast.parse(text, mode="eval").body
        made.append(ast.Assign([ast.Name(grads, ast.Store())], value))
    made += _runs(context, region.after)
    context.edits.replace_statement(backward.statement, made)


def _rename_model(context: FileContext, node: ast.AST, model: str, parameter: str) -> None:
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and text_of(part) == model:
            context.edits.replace(part, ast.Name(parameter, ast.Load()))


def _function_name(context: FileContext, region: Region) -> str:
    loss = region.backward.loss
    taken = {a.arg for a in ast.walk(context.edits.tree) if isinstance(a, ast.arg)}
    taken |= {n.id for n in ast.walk(context.edits.tree) if isinstance(n, ast.Name)}
    name = f"{loss.id}_fn" if isinstance(loss, ast.Name) else "loss_fn"
    return name if name not in taken else f"compute_{name.removesuffix('_fn')}"


def _function(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.stmt:
    arguments = ast.arguments([], [ast.arg(p) for p in parameters], None, [], [], None, [])
    made = ast.FunctionDef(name, arguments, body, [])
    made.returns = None
    return made


def _single_stage(
    context: FileContext, region: Region, target: str, name: str, parameter: str
) -> list[ast.stmt]:
    body = [*_runs(context, region.inside), ast.Return(_result(region))]
    function = _function(name, [parameter, *region.modules], body)
    comments = _comments_above(context, region.backward.statement)
    model = ast.parse(region.backward.model, mode="eval").body
    others = [ast.Name(module, ast.Load()) for module in region.modules]
    call = ast.Call(_value_and_grad(name, bool(region.results)), [model, *others], [])
    return [function, *comments, ast.Assign([_outcome(region, target)], call)]


def _comments_above(context: FileContext, statement: ast.stmt) -> list[ast.stmt]:
    """Take the comments between a statement and the one before it, which moves away."""
    edits = context.edits
    before = [s for s in ast.iter_child_nodes(edits.parents[statement]) if s in edits.moved]
    ends = [edits.spans[s][1] for s in before if edits.spans[s][1] <= edits.spans[statement][0]]
    if not ends:
        return []
    source = edits.text.source
    start, end = source.find("\n", max(ends)), edits.spans[statement][0]
    lines = [line.strip() for line in source[start:end].splitlines()]
    if not 0 <= start < end or not any(lines) or any(x and x[0] != "#" for x in lines):
        return []
    indent = source[source.rfind("\n", 0, end) + 1 : end]
    edits.replace_text(edits.parents[statement], start, end, f"\n{indent}")
    return [Verbatim(line) for line in lines if line]


def _late_stage(context: FileContext, region: Region, target: str, name: str) -> list[ast.stmt]:
    (crossing,) = region.crossing
    body = [*_runs(context, region.inside), ast.Return(_result(region))]
    function = _function(name, [crossing, *region.modules], body)
    arguments: list[ast.expr] = [ast.Name(n, ast.Load()) for n in (crossing, *region.modules)]
    call = ast.Call(_value_and_grad(name, bool(region.results)), arguments, [])
    cotangent = f"{crossing}_grad"
    pull = ast.Call(ast.Name(f"{crossing}_vjp", ast.Load()), [ast.Name(cotangent, ast.Load())], [])
    left = ast.Tuple([ast.Name(target, ast.Store())], ast.Store())
    return [
        function,
        ast.Assign([_outcome(region, cotangent)], call),
        ast.Assign([left], pull),
    ]


def _emit_early(context: FileContext, region: Region, parameter: str) -> None:
    """The first stage, where its statements stood: values now, a pullback for later."""
    (crossing,) = region.crossing
    last = region.early[-1]
    present = context.edits.statements.get(last, [Keep(last)])
    result = ast.Return(ast.Name(crossing, ast.Load()))
    body = [*_runs(context, region.early[:-1]), *present, result]
    name = f"{crossing}_fn"
    model = ast.parse(region.backward.model, mode="eval").body
    nnx = ast.Name("nnx", ast.Load())
    # the module's structure stays as it is, and nnx.vjp wants to be told
    fixed = ast.keyword("graph_updates", ast.Constant(False))
    call = ast.Call(
        ast.Attribute(nnx, "vjp", ast.Load()), [ast.Name(name, ast.Load()), model], [fixed]
    )
    targets: list[ast.expr] = [
        ast.Name(crossing, ast.Store()),
        ast.Name(f"{crossing}_vjp", ast.Store()),
    ]
    made = [
        _function(name, [parameter], body),
        ast.Assign([ast.Tuple(targets, ast.Store())], call),
    ]
    context.edits.replace_statement(last, made)


def _value_and_grad(name: str, has_results: bool) -> ast.expr:
    nnx = ast.Name("nnx", ast.Load())
    keywords = [ast.keyword("has_aux", ast.Constant(True))] if has_results else []
    function = ast.Attribute(nnx, "value_and_grad", ast.Load())
    return ast.Call(function, [ast.Name(name, ast.Load())], keywords)


def _result(region: Region) -> ast.expr:
    if not region.results:
        return region.backward.loss
    names: list[ast.expr] = [ast.Name(name, ast.Load()) for name in region.results]
    others = names[0] if len(names) == 1 else ast.Tuple(names, ast.Load())
    return ast.Tuple([region.backward.loss, others], ast.Load())


def _outcome(region: Region, target: str) -> ast.expr:
    loss = region.backward.loss
    value: ast.expr = ast.Name(loss.id if isinstance(loss, ast.Name) else "_", ast.Store())
    if region.results:
        names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in region.results]
        others = names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())
        value = ast.Tuple([value, others], ast.Store())
    return ast.Tuple([value, ast.Name(target, ast.Store())], ast.Store())


def _runs(context: FileContext, statements: list[ast.stmt]) -> list[ast.stmt]:
    """Statements to print elsewhere; neighbours stay together with the comments between them."""
    runs: list[list[ast.stmt]] = []
    for statement in statements:
        if runs and _follows(context, runs[-1][-1], statement):
            runs[-1].append(statement)
            context.edits.move_away(statement, with_gap=True)
        else:
            runs.append([statement])
            context.edits.move_away(statement, with_gap=False)
    return [Moved(run) for run in runs]


def _follows(context: FileContext, one: ast.stmt, other: ast.stmt) -> bool:
    parent = context.edits.parents[other]
    block = next(
        body
        for name in ("body", "orelse", "finalbody")
        if isinstance(body := getattr(parent, name, None), list) and other in body
    )
    place = block.index(other)
    return place > 0 and block[place - 1] is one
