"""Rewrites what is done with gradients: taking them from a callee, clipping, applying, resetting.

``grads`` is the name of the variable that holds them.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Source
from tojax.translate.passes.accumulation import accumulate
from tojax.translate.passes.event import Event
from tojax.translate.passes.gradient_events import gradients_read
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
    scope = context.enclosing_function(event.node) or context.edits.tree
    return any(
        isinstance(part, ast.Name)
        and part.id == event.models[0]
        and context.kind(part).tag == "parameter"
        for part in walk(scope)
    )


def _one_or_tuple(texts: Sequence[str]) -> ast.expr:
    text = texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
    return ast.parse(text, mode="eval").body


def loop(context: FileContext, event: Event, grads: str) -> None:
    """``for p in model.parameters():`` that reads ``p.grad`` goes through the gradients as well."""
    statement = event.statement
    assert isinstance(statement, ast.For) and isinstance(statement.target, ast.Name)
    if context.freezes:
        return  # frozen parameters have no gradients: what reads them is reported
    taken = {part.id for part in walk(statement) if isinstance(part, ast.Name)}
    name = "grad" if "grad" not in taken else f"{statement.target.id}_grad"
    for node in gradients_read(statement):
        outer = context.edits.parents[node]
        is_data = isinstance(outer, ast.Attribute) and outer.attr == "data"
        read = outer if is_data else node
        context.edits.replace(read, ast.Name(name, ast.Load()))
        context.done |= {read, node}
    helper = context.helper("gradients", "with_gradients")
    model = ast.parse(event.model, mode="eval").body
    context.edits.replace(event.call, ast.Call(helper, [model, ast.Name(grads, ast.Load())], []))
    context.done.add(event.node)
    both = Source(f"{statement.target.id}, {name}", ATOM)
    context.edits.replace(statement.target, both)


def reset(context: FileContext, event: Event, sums: list[str]) -> None:
    """``zero_grad()`` goes, or where gradients add up, in ``sums``, becomes ``grads = None``."""
    context.done.add(event.node)
    if not sums:
        drop_reset(context, event)
    else:
        targets: list[ast.expr] = [ast.Name(grads, ast.Store()) for grads in sums]
        made = ast.Assign(targets, ast.Constant(None))
        context.edits.replace_statement(event.statement, [made])


def drop_reset(context: FileContext, event: Event) -> None:
    """Remove a ``zero_grad()``."""
    if event.kind == "zero" and isinstance(event.statement, ast.Expr | ast.Assign):
        context.done.add(event.node)
        context.edits.replace_statement(event.statement, [])
