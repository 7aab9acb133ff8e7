"""Writes a region: the function to differentiate, the call that does it, and what comes after."""

from __future__ import annotations

import ast

from tojax.source.trees import children, walk
from tojax.translate.context import FileContext
from tojax.translate.differentiated import Differentiated, rename
from tojax.translate.edits import Keep, Moved, Verbatim
from tojax.translate.insertions import insert_before
from tojax.translate.passes.accumulation import accumulate
from tojax.translate.passes.freezing import trained
from tojax.translate.passes.region import Region


def emit_region(context: FileContext, region: Region, grads: list[str], *, fresh: bool) -> None:
    """Write the function, the call that differentiates it, and the statements after it.

    ``grads`` are the variables for the gradients of each module.
    """
    backward = region.backward
    context.imports.add("import jax" if _is_plain(region) else "from flax import nnx")
    targets = grads if fresh else [f"new_{name}" for name in grads]
    for model in backward.models:
        if "." in model:
            for statement in (*region.inside, *region.early, backward.loss):
                rename(context.edits, statement, model, parameter(model))
    loss_name = _function_name(context, region)
    made: list[ast.stmt] = []
    if region.early:
        _emit_early(context, region)
        made += _late_stage(context, region, targets[0], loss_name)
    else:
        function, call = _single_stage(context, region, targets, loss_name)
        if region.branch is None:
            made += [function, *_comments_above(context, backward.statement), call]
        else:
            _emit_branch(context, region, region.branch, function)
            made.append(call)
    if not fresh:
        made += [accumulate(context, name) for name in grads]
    if region.branch is None:
        made += _runs(context, region.after)
    context.edits.replace_statement(backward.statement, made)


def _emit_branch(
    context: FileContext, region: Region, branch: ast.If, function: ast.FunctionDef
) -> None:
    """The function before the ``if``, and a call of it in the other branch."""
    call = ast.Call(ast.Name(function.name, ast.Load()), _arguments(region), [])
    context.differentiated[region.inside[0]].calls.append(call)
    other: list[ast.stmt] = [
        ast.Assign([_outcome(region, [])], call),
        *_runs(context, branch.orelse),
    ]
    comments = _comments_above(context, branch)
    made = ast.If(branch.test, _runs(context, branch.body), other)
    after = _runs(context, region.after)
    context.edits.replace_statement(branch, [function, *comments, made, *after])


def parameter(model: str) -> str:
    """The name of a module inside the function to differentiate."""
    return model.rpartition(".")[2]


def _function_name(context: FileContext, region: Region) -> str:
    loss = region.backward.loss
    taken = {a.arg for a in walk(context.edits.tree) if isinstance(a, ast.arg)}
    taken |= {n.id for n in walk(context.edits.tree) if isinstance(n, ast.Name)}
    name = f"{loss.id}_fn" if isinstance(loss, ast.Name) else "loss_fn"
    return name if name not in taken else f"compute_{name.removesuffix('_fn')}"


def _function(name: str, parameters: list[str], body: list[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments([], [ast.arg(p) for p in parameters], None, [], [], None, [])
    made = ast.FunctionDef(name, arguments, body, [])
    made.returns = None
    return made


def _single_stage(
    context: FileContext, region: Region, targets: list[str], name: str
) -> tuple[ast.FunctionDef, ast.stmt]:
    models = region.backward.models
    body = [*_runs(context, region.inside), ast.Return(_result(region))]
    given = [*models, *region.modules, *region.given]
    function = _function(name, [*map(parameter, given)], body)
    chosen = _differentiated(context, region)
    library = "jax" if _is_plain(region) else "nnx"
    value_and_grad = _value_and_grad(name, bool(region.results), chosen, library)
    call = ast.Call(value_and_grad, _arguments(region), [])
    _record(context, region, region.inside, function, [call])
    return function, ast.Assign([_outcome(region, targets)], call)


def _record(
    context: FileContext,
    region: Region,
    inside: list[ast.stmt],
    function: ast.FunctionDef,
    calls: list[ast.Call],
) -> None:
    modules = (*region.backward.models, *region.modules)
    made = Differentiated(function, calls, modules)
    context.differentiated |= dict.fromkeys(inside, made)
    if calls:
        context.differentiated[region.backward.loss] = made


def _arguments(region: Region) -> list[ast.expr]:
    """What the function to differentiate is called with."""
    given = (*region.backward.models, *region.modules, *region.given)
    return [ast.parse(text, mode="eval").body for text in given]


def _comments_above(context: FileContext, statement: ast.stmt) -> list[ast.stmt]:
    """Take the comments between a statement and the one before it, which moves away."""
    edits = context.edits
    before = [s for s in children(edits.parents[statement]) if s in edits.moved]
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
    body = [*_runs(context, region.inside), ast.Return(_result(region))]
    given = [*region.crossing, *region.modules, *region.given]
    function = _function(name, [*map(parameter, given)], body)
    arguments = [ast.parse(text, mode="eval").body for text in given]
    places: list[ast.expr] = [ast.Constant(place) for place in range(len(region.crossing))]
    chosen = [ast.keyword("argnums", ast.Tuple(places, ast.Load()))] if len(places) > 1 else []
    call = ast.Call(_value_and_grad(name, bool(region.results), chosen), arguments, [])
    _record(context, region, region.inside, function, [call])
    cotangents = [f"{crossing}_grad" for crossing in region.crossing]
    pull = ast.Call(ast.Name(f"{region.crossing[0]}_vjp", ast.Load()), [_values(cotangents)], [])
    left = ast.Tuple([ast.Name(target, ast.Store())], ast.Store())
    return [
        function,
        ast.Assign([_outcome(region, cotangents)], call),
        ast.Assign([left], pull),
    ]


def _emit_early(context: FileContext, region: Region) -> None:
    """The first stage, where its statements stand: values now, a pullback for later."""
    last = region.early[-1]
    printed = _runs(context, region.early if region.is_put_off else region.early[:-1])
    if not region.is_put_off:
        printed += context.edits.statements.get(last, [Keep(last)])
    result = ast.Return(_values(region.crossing))
    others = [ast.parse(f"{parameter(m)} = {m}").body[0] for m in region.read_early]
    body = [*others, *printed, result]
    first = region.crossing[0]
    name = f"{first}_fn"
    (text,) = region.backward.models
    model = ast.parse(text, mode="eval").body
    nnx = ast.Name("nnx", ast.Load())
    # the module's structure stays as it is, and nnx.vjp wants to be told
    fixed = ast.keyword("graph_updates", ast.Constant(False))
    call = ast.Call(
        ast.Attribute(nnx, "vjp", ast.Load()), [ast.Name(name, ast.Load()), model], [fixed]
    )
    targets = [_values(region.crossing), ast.Name(f"{first}_vjp", ast.Store())]
    function = _function(name, [parameter(text)], body)
    _record(context, region, region.early, function, [])
    made = [function, ast.Assign([ast.Tuple(targets, ast.Store())], call)]
    if region.is_put_off and region.barrier is not None:
        insert_before(context, region.barrier, made)
    else:
        context.edits.replace_statement(last, made)


def _values(names: list[str]) -> ast.expr:
    values: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    return values[0] if len(values) == 1 else ast.Tuple(values, ast.Load())


def _is_plain(region: Region) -> bool:
    """Whether nothing but arrays goes through the function."""
    return set(region.backward.models) <= set(region.backward.arrays) and not region.modules


def _differentiated(context: FileContext, region: Region) -> list[ast.keyword]:
    """``argnums`` for the modules, which come first; only what is not frozen, where some is."""
    models, arrays = region.backward.models, region.backward.arrays
    filtered = context.freezes and not set(models) <= set(arrays)
    places: list[ast.expr] = [ast.Constant(place) for place in range(len(models))]
    if filtered:
        state = ast.Attribute(ast.Name("nnx", ast.Load()), "DiffState", ast.Load())
        places = [
            place if model in arrays else ast.Call(state, [place, trained(context)], [])
            for place, model in zip(places, models, strict=True)
        ]
    elif len(models) == 1:
        return []
    chosen = places[0] if len(places) == 1 else ast.Tuple(places, ast.Load())
    return [ast.keyword("argnums", chosen)]


def _value_and_grad(
    name: str, has_results: bool, chosen: list[ast.keyword], library: str = "nnx"
) -> ast.expr:
    has_aux = [ast.keyword("has_aux", ast.Constant(True))] if has_results else []
    keywords = [*chosen, *has_aux]
    function = ast.Attribute(ast.Name(library, ast.Load()), "value_and_grad", ast.Load())
    return ast.Call(function, [ast.Name(name, ast.Load())], keywords)


def _result(region: Region) -> ast.expr:
    if not region.results:
        return region.backward.loss
    names: list[ast.expr] = [ast.Name(name, ast.Load()) for name in region.results]
    others = names[0] if len(names) == 1 else ast.Tuple(names, ast.Load())
    return ast.Tuple([region.backward.loss, others], ast.Load())


def _outcome(region: Region, targets: list[str]) -> ast.expr:
    loss = region.backward.loss
    value: ast.expr = ast.Name(loss.id if isinstance(loss, ast.Name) else "_", ast.Store())
    if region.results:
        names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in region.results]
        others = names[0] if len(names) == 1 else ast.Tuple(names, ast.Store())
        value = ast.Tuple([value, others], ast.Store())
    if not targets:
        return value
    grads: list[ast.expr] = [ast.Name(target, ast.Store()) for target in targets]
    every = grads[0] if len(grads) == 1 else ast.Tuple(grads, ast.Store())
    return ast.Tuple([value, every], ast.Store())


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
    block = context.edits.block_of(other)
    place = block.index(other)
    return place > 0 and block[place - 1] is one
