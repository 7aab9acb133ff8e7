"""Rewrites what is done with gradients: taking them from a callee, clipping, applying, resetting.

``grads`` is the name of the variable that holds them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Moved, Source
from tojax.translate.insertions import insert_after
from tojax.translate.passes.accumulation import accumulate
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.event import Event
from tojax.translate.passes.gradient_loops import (
    changed_by_name,
    changing,
    detaches,
    gradients_read,
    is_loop,
    skips,
)
from tojax.translate.printing.precedence import ATOM
from tojax.translate.rule_calls import RuleCalls


def take(context: FileContext, event: Event, grads: str, *, fresh: bool) -> None:
    """A call of a function that now returns its gradients as well."""
    store = ast.Name(grads if fresh else f"new_{grads}", ast.Store())
    made: ast.stmt
    match event.statement:
        case ast.Assign(targets=[name], value=value) if value is event.node:
            made = ast.Assign([ast.Tuple([name, store], ast.Store())], event.call)
        case ast.Expr(value=value) if value is event.node:
            made = ast.Assign([store], event.call)
        case ast.Return(value=value) if value is event.node:
            return
        case _:
            context.leave(event.node, "TJ204", "torch.Tensor.backward",
                          "a call that gathers gradients inside an expression")  # fmt: skip
            return
    statements: list[ast.stmt] = [made] if fresh else [made, accumulate(context, grads)]
    context.edits.replace_statement(event.statement, statements)


def clip(context: FileContext, rules: RuleCalls, event: Event, grads: list[str]) -> None:
    """``clip_grad_norm_(model.parameters(), 1.0)`` → ``grads, _ = clip_grad_norm_(grads, 1.0)``.

    ``grads`` are the gradients of each module whose parameters are clipped together.
    """
    name = context.name(event.call.func)
    rule = rules.choose(name)
    context.done.update(n for n in walk(event.call) if isinstance(n, ast.Call))
    if rule is None or not event.model or not all(grads):
        reason = "cannot tell whose gradients are clipped"
        if event.model:
            reason = "no gradients are computed where they are clipped"
        context.leave(event.node, "TJ204", name, reason)
        return
    keywords = [
        ast.keyword(k.arg, k.value)
        for k in event.call.keywords
        if k.arg and k.arg not in ("parameters", "foreach")
    ]
    arguments = [_one_or_tuple(grads), *event.call.args[1:]]
    made = ast.Call(rules.helper(name, rule), arguments, keywords)
    left = _one_or_tuple(grads)
    if "clip_grad_norm" in name:
        norm: ast.expr = ast.Name("_", ast.Store())
        if isinstance(event.statement, ast.Assign) and event.statement.value is event.node:
            norm = event.statement.targets[0]
        left = ast.Tuple([left, norm], ast.Store())
    context.edits.replace_statement(event.statement, [ast.Assign([left], made)])


def step(context: FileContext, event: Event, grads: list[str]) -> None:
    """``optimizer.step()`` or ``scaler.step(optimizer)`` → ``optimizer.update(model, grads)``.

    ``grads`` are the gradients of each module that the optimizer updates.
    """
    context.done.add(event.node)
    assert isinstance(event.call.func, ast.Attribute)
    optimizer, *arguments = [event.call.func.value, *event.call.args]
    if context.name(event.call.func) == "torch.amp.GradScaler.step":
        optimizer, *arguments = arguments
    if not all(grads) or arguments or event.call.keywords:
        context.leave(event.node, "TJ204", "torch.optim.Optimizer.step",
                      "no gradients are computed where this step is taken")  # fmt: skip
        return
    update = ast.Attribute(optimizer, "update", ast.Load())
    updated = [_one_or_tuple(event.models), _one_or_tuple(grads)]
    if len(grads) == 1 and _is_parameter(context, event):  # which has no path but in a tuple
        updated = [ast.Tuple([part], ast.Load()) for part in updated]
    call = ast.Call(update, updated, [])
    context.edits.replace(event.call, call)


def step_with(context: FileContext, event: Event) -> None:
    """``optimizer.step(closure)``, of a closure that returns the loss and the gradients.

    It stays for an optimizer that calls the closure itself; else the closure is called first.
    """
    context.done.add(event.node)
    assert isinstance(event.call.func, ast.Attribute)
    optimizer = event.call.func.value
    rule = context.index.layers.get(context.kind(optimizer).name)
    if rule is not None:
        return
    loss: ast.expr = ast.Name("_", ast.Store())
    match event.statement:
        case ast.Expr(value=value) if value is event.node:
            pass
        case ast.Assign(targets=[target], value=value) if value is event.node:
            loss = target
        case _:
            context.leave(event.node, "TJ204", "torch.optim.Optimizer.step",
                          "a step with a closure inside an expression")  # fmt: skip
            return
    grads = ast.Name("grads", ast.Store())
    called = ast.Call(event.call.args[0], [], [])
    update = ast.Attribute(optimizer, "update", ast.Load())
    arguments = [_one_or_tuple([event.model]), ast.Name("grads", ast.Load())]
    made = [
        ast.Assign([ast.Tuple([loss, grads], ast.Store())], called),
        ast.Expr(ast.Call(update, arguments, [])),
    ]
    context.edits.replace_statement(event.statement, made)


def _is_parameter(context: FileContext, event: Event) -> bool:
    """Whether an optimizer updates a parameter that is no module's."""
    outer = context.enclosing_class(event.node) if "." in event.model else None
    scope = outer or context.enclosing_function(event.node) or context.edits.tree
    return any(
        isinstance(part, ast.Name | ast.Attribute)
        and text_of(part) == event.model
        and context.kind(part).tag == "parameter"
        for part in walk(scope)
    )


def _one_or_tuple(texts: Sequence[str]) -> ast.expr:
    text = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return ast.parse(text, mode="eval").body


def loop(context: FileContext, event: Event, grads: str, *, used_later: bool) -> None:
    """``for p in model.parameters():`` that reads ``p.grad`` goes through the gradients as well.

    What it makes of them is its own; where they are ``used_later``, that is marked.
    """
    statement = event.statement
    assert isinstance(statement, ast.For) and isinstance(statement.target, ast.Name)
    if context.freezes:
        return  # frozen parameters have no gradients: what reads them is reported
    name = _name_gradients(context, statement)
    lost = [*changing(statement), *changed_by_name(statement)] if used_later else []
    for changed in lost:
        reason = f"this gradient is the loop's own: {grads} stays as it is"
        context.leave(changed, "TJ204", "torch.Tensor.grad", reason)
    for changed in (part for part in changing(statement) if isinstance(part, ast.Expr)):
        value = _changed_value(context, changed)
        if value is not None:
            made = ast.Assign([ast.Name(name, ast.Store())], value)
            context.edits.replace_statement(changed, [made])
    helper = context.helper("gradients", "with_gradients")
    model = ast.parse(event.model, mode="eval").body
    context.edits.replace(event.call, ast.Call(helper, [model, ast.Name(grads, ast.Load())], []))
    context.done.add(event.node)
    both = Source(f"{statement.target.id}, {name}", ATOM)
    context.edits.replace(statement.target, both)


def change(context: FileContext, event: Event, grads: str) -> None:
    """``for p in model.parameters(): p.grad.mul_(2)`` → ``grads = jax.tree.map(…, grads)``."""
    statement = event.statement
    assert isinstance(statement, ast.For)
    values = {changed: _changed_value(context, changed) for changed in changing(statement)}
    if None in values.values() or context.unresolved.keys() & values.keys():
        return
    name = _name_gradients(context, statement)
    context.imports.add("import jax")
    arguments = ast.arguments([], [ast.arg(name)], None, [], [], None, [])
    for changed, value in values.items():
        assert value is not None
        function = ast.Lambda(arguments, value)
        mapping = ast.parse("jax.tree.map", mode="eval").body
        mapped = ast.Call(mapping, [function, ast.Name(grads, ast.Load())], [])
        made = [] if detaches(changed) else [ast.Assign([ast.Name(grads, ast.Store())], mapped)]
        context.edits.replace_statement(changed, [*made])
    for guard in (part for part in walk(statement) if isinstance(part, ast.If)):
        body: list[ast.stmt] = [] if skips(statement, guard) else [_inlined(guard.body)]
        context.edits.replace_statement(guard, body)
        context.done.update(walk(guard.test))
    context.done.update(walk(event.call))
    context.edits.replace_statement(statement, [_inlined(statement.body)])


def _inlined(body: list[ast.stmt]) -> ast.stmt:
    """The statements of a block without it."""
    return Moved(body, in_place=True)


def _name_gradients(context: FileContext, loop: ast.For) -> str:
    """Print a variable where a loop has ``p.grad`` or ``p.grad.data``, and give its name."""
    taken = {part.id for part in walk(loop) if isinstance(part, ast.Name)}
    gradients = gradients_read(loop)
    name = "grad" if "grad" not in taken else f"{text_of(gradients[0].value)}_grad"
    for node in gradients:
        outer = context.edits.parents[node]
        parts = [node]
        if isinstance(outer, ast.Attribute) and outer.attr == "data":
            parts.append(outer)  # an operation in place may have taken the array itself
        for part in parts:
            context.edits.replace(part, ast.Name(name, ast.Load()))
        context.done.update(parts)
    return name


def _changed_value(context: FileContext, statement: ast.stmt) -> ast.expr | None:
    """What a statement makes of a gradient, if it is an array."""
    match statement:
        case ast.Assign(targets=[ast.Attribute()], value=value):
            return None if isinstance(value, ast.Constant) and value.value is None else value
        case ast.AugAssign(target=ast.Attribute() as target, op=operator, value=value):
            return ast.BinOp(target, operator, value)
    match context.edits.statements.get(statement):  # an operation in place
        case [ast.Assign(value=value)]:
            return value
    return None


def reset(context: FileContext, event: Event, sums: list[str]) -> None:
    """``zero_grad()`` goes, or where gradients add up, in ``sums``, becomes ``grads = None``."""
    statement = context.edits.statement_of(event.node)
    targets: list[ast.expr] = [ast.Name(grads, ast.Store()) for grads in sums]
    made: list[ast.stmt] = [ast.Assign(targets, ast.Constant(None))] if sums else []
    if is_loop(event) and isinstance(event.statement, ast.For):
        context.done.update([*walk(event.node), *walk(event.statement)])
        for changed in changing(event.statement):
            context.edits.replace_statement(changed, [])
        context.edits.replace_statement(statement, made)
    elif event.is_inside and sums:
        _reset_after(context, event, made)
    elif statement is not event.statement:  # at the end of a loop over parameters
        context.done.update(walk(event.node))
        context.edits.replace_statement(statement, [])
        insert_after(context, event.statement, made)
    elif sums:
        context.done.update(walk(event.node))
        context.edits.replace_statement(event.statement, made)
    else:
        drop_reset(context, event)


def _reset_after(context: FileContext, event: Event, made: list[ast.stmt]) -> None:
    """Reset gradients after a call of a function that does."""
    if isinstance(event.statement, ast.Expr | ast.Assign):
        insert_after(context, event.statement, made)
    else:
        reason = "a call that resets gradients inside an expression"
        context.leave(event.node, "TJ204", "torch.optim.Optimizer.zero_grad", reason)


def drop_reset(context: FileContext, event: Event) -> None:
    """Remove a ``zero_grad()``; a function that did one is still called."""
    is_own = event.kind == "zero" and not event.is_inside
    if is_own and isinstance(event.statement, ast.Expr | ast.Assign):
        context.done.add(event.node)
        context.edits.replace_statement(event.statement, [])
