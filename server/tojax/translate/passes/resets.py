"""Resets of gradients that do not stand beside a ``backward()``, or whose module is unclear.

What resets nothing must not go: without it, gradients would add up for ever.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tojax.source.facts import Function, parameters
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.accumulation import accumulated_in
from tojax.translate.passes.dataflow import Scope, text_of
from tojax.translate.passes.event import Event
from tojax.translate.passes.links import Links
from tojax.translate.reaching import receiver
from tojax.translate.same_modules import module_in

Resets = Mapping[Function, Sequence[Event]]


def reset_by(
    context: FileContext, scope: Scope, node: ast.Call, links: Links, resets: Resets
) -> Event | None:
    """The reset that a call of a function does which resets gradients and gathers none."""
    for target in context.inference.callees.get(node, []):
        if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef) and target in resets:
            models: dict[str, None] = {}
            for event in resets[target]:
                models |= dict.fromkeys(_models(context, scope, node, target, event, links))
            model, *others = models
            statement = context.edits.statement_of(node)
            return Event("zero", node, statement, model, tuple(others), is_inside=True)
    return None


def _models(
    context: FileContext,
    scope: Scope,
    node: ast.Call,
    function: Function,
    event: Event,
    links: Links,
) -> tuple[str, ...]:
    """The modules, where a function is called, of a reset in it; one that may not be is unclear."""
    if event.statement not in function.body or _may_return_before(function, event.statement):
        return ("",)
    if event.optimizer:
        optimizer = _outside(node, function, event.optimizer)
        return links.models_of(context, scope, optimizer, node)
    return tuple(_outside(node, function, model) for model in event.models)


def _may_return_before(function: Function, statement: ast.stmt) -> bool:
    before = function.body[: function.body.index(statement)]
    return any(isinstance(part, ast.Return) for earlier in before for part in walk(earlier))


def _outside(call: ast.Call, function: Function, text: str) -> str:
    """What is called ``text`` in a function, where the function is called; empty if unknown."""
    root, dot, rest = text.partition(".")
    owner = receiver(call, function)
    if root == "self":
        return f"{owner}{dot}{rest}" if owner else ""
    names = [a.arg for a in parameters(function.args)]
    if root not in names:
        return text
    if isinstance(call.func, ast.Attribute) and names[:1] == ["self"]:
        names = names[1:]
    given = dict(zip(names, call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords if k.arg}
    value = given.get(root)
    outer = text_of(module_in(value)) if value is not None else ""
    return f"{outer}{dot}{rest}" if outer else ""


def lost_resets(context: FileContext, events: list[Event]) -> tuple[list[Event], set[str]]:
    """The resets that are of no gradients that are gathered, and the modules that they may be of.

    These are the modules whose gradients add up: by all that the code says, for want of a reset.
    """
    adding = accumulated_in(context, events)
    gathered = {model for event in events if event.gathers for model in event.models}
    zeros = [event for event in events if event.kind == "zero"]
    without = adding - {model for event in zeros for model in event.models}
    lost: list[Event] = []
    modules: set[str] = set()
    for event in zeros:
        meant = adding if "" in event.models else without
        if meant and not gathered.intersection(event.models):
            lost.append(event)
            modules |= meant
    return lost, modules


def by_clipping(events: list[Event]) -> None:
    """Tell the module of a step, and of its optimizer's reset, by what is clipped."""
    clipped = {event.models for event in events if event.kind == "clip" and event.model}
    if len(clipped) != 1:
        return
    ((model, *others),) = clipped
    unclear = [event for event in events if event.kind in ("step", "zero") and not event.model]
    stepped = {event.optimizer for event in unclear if event.kind == "step"}
    for event in unclear:
        if event.kind == "step" or (event.optimizer and event.optimizer in stepped):
            event.model, event.others = model, tuple(others)
