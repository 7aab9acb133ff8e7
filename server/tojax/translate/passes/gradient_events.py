"""What happens to gradients in the code: computed, reset, clipped, applied."""

from __future__ import annotations

import ast
from collections.abc import Container, Mapping

from tojax.source.facts import Function
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.array_gradients import arrays_asked, resets
from tojax.translate.passes.dataflow import Scope, text_of
from tojax.translate.passes.event import Event
from tojax.translate.passes.gradient_loops import changes_or_resets, loop_events
from tojax.translate.passes.links import Links
from tojax.translate.passes.resets import Resets, by_clipping, reset_by

_CLIP = {"torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm",
         "torch.nn.utils.clip_grad_value_"}  # fmt: skip


_OPTIMIZER_EVENTS = {"torch.optim.Optimizer.step": "step", "torch.amp.GradScaler.step": "step",
                     "torch.optim.Optimizer.zero_grad": "zero"}  # fmt: skip


def events_in(
    context: FileContext,
    scope: Scope,
    links: Links,
    leaks: Mapping[Function, str],
    resets: Resets,
) -> list[Event]:
    """The events of a scope, in order of position.

    Args:
        context: the file.
        scope: a function, or the file.
        links: tells which module an optimizer updates.
        leaks: the functions that return gradients, with the module that they are of.
        resets: the functions that reset gradients, and gather none.
    """
    found = [
        _event(context, scope, node, links, leaks) or reset_by(context, scope, node, links, resets)
        for node in context.edits.calls.get(scope, [])
    ]
    events = [event for event in found if event is not None]
    for node in context.edits.calls.get(scope, []):
        if isinstance(node.func, ast.Attribute) and "parameters" in node.func.attr:
            events += loop_events(node, context.edits.statement_of(node))
    backwards = [event.statement for event in events if event.kind == "backward"]
    arrays = arrays_asked(context, scope, backwards) if backwards else {}
    events += _array_resets(context, scope, arrays)
    events.sort(key=lambda event: context.edits.spans[event.node])
    by_clipping(events)
    events = _joined(context, events)
    for place, event in enumerate(events):
        if event.kind == "backward":
            event.arrays = _asked_after(context, scope, events, place, arrays)
            bound_later = _bound_below(context, scope, event.statement)
            given = _stepped(events, place, [*event.arrays], bound_later)
            only = links.only_module(context, scope)
            event.model = given or ("" if only in bound_later else only)
            too = (*_stepped_too(events, place), *event.arrays)
            event.others = tuple(name for name in too if name != event.model)
    changes_or_resets(events)
    return events


def _array_resets(
    context: FileContext, scope: Scope, arrays: Mapping[str, list[ast.Attribute]]
) -> list[Event]:
    found = []
    for place in (place for places in arrays.values() for place in places):
        statement = context.edits.statement_of(place)
        name = resets(statement)
        if name:
            node = statement if isinstance(statement, ast.Assign) else statement.value  # type: ignore[attr-defined]
            found.append(Event("zero", node, statement, name))
    return found


def _asked_after(
    context: FileContext,
    scope: Scope,
    events: list[Event],
    place: int,
    arrays: Mapping[str, list[ast.Attribute]],
) -> dict[str, list[ast.Attribute]]:
    """The arrays whose gradients are asked for between a ``backward`` and the next one.

    With all places that may read them: none above the ``backward``, except in a loop around it.
    """
    spans = context.edits.spans
    start = spans[events[place].node][0]
    ends = [spans[event.node][0] for event in events[place + 1 :] if event.gathers]
    end = min(ends, default=spans.get(context.edits.tree, (0, len(context.edits.text.source)))[1])
    above = spans[_outermost(context, scope, events[place].statement)][0]
    return {
        name: [node for node in places if spans[node][0] > above]
        for name, places in arrays.items()
        if any(
            start < spans[node][0] < end and not resets(context.edits.statement_of(node))
            for node in places
        )
    }


def _joined(context: FileContext, events: list[Event]) -> list[Event]:
    """Take ``backward()`` that follow each other together: gradients add up."""
    found: list[Event] = []
    for event in events:
        last = found[-1] if found else None
        if last is not None and last.kind == event.kind == "backward":
            block = context.edits.block_of(event.statement)
            place = block.index(event.statement)
            if place > 0 and block[place - 1] is last.statement:
                event.earlier = (*last.earlier, last.call)
                found.pop()
        found.append(event)
    return found


def closure_of(context: FileContext, scope: Scope, node: ast.Call) -> Function | None:
    """The function of a scope, or the method, that a call of ``step`` is given."""
    match node:
        case ast.Call(func=ast.Attribute(attr="step"), args=[ast.Name(id=name)]):
            place: ast.AST | None = scope
        case ast.Call(
            func=ast.Attribute(attr="step"),
            args=[ast.Attribute(value=ast.Name(id="self"), attr=name)],
        ):
            place = context.enclosing_class(scope)
        case _:
            return None
    named = [
        part
        for part in (walk(place) if place is not None else ())
        if isinstance(part, ast.FunctionDef) and part.name == name
    ]
    before = [part for part in named if part.lineno < node.lineno]
    return max(before or named, key=lambda part: part.lineno, default=None)


def _event(
    context: FileContext,
    scope: Scope,
    node: ast.Call,
    links: Links,
    leaks: Mapping[Function, str],
) -> Event | None:
    name = context.name(node.func)
    statement = context.edits.statement_of(node)
    callees = context.inference.callees.get(node, [])
    for target in callees:
        if isinstance(target, ast.FunctionDef | ast.AsyncFunctionDef) and target in leaks:
            return Event("call", node, statement, links.argument(node, target, leaks[target]))
    if name in _CLIP:
        model, *others = links.clipped(context, scope, node)
        return Event("clip", node, statement, model, tuple(others))
    if not isinstance(node.func, ast.Attribute):
        return None
    attr, owner = node.func.attr, node.func.value
    if name == "torch.autograd.backward" and len(node.args) == 1:
        return Event("backward", node, statement, "")
    if attr == "backward":
        is_unknown = not name and context.kind(owner).tag == "unknown"
        is_tensor = name.startswith("torch.Tensor.")
        if node.args and not _is_bound_in(scope, owner):
            reason = f"{text_of(owner)}.backward() is of another library; take nnx.value_and_grad"
            context.leave(node, "TJ204", "torch.Tensor.backward", reason)
            return None
        return Event("backward", node, statement, "") if is_tensor or is_unknown else None
    kind = _OPTIMIZER_EVENTS.get(name)
    if kind is None and attr in ("step", "zero_grad") and _is_like_an_optimizer(context, owner):
        kind = "step" if attr == "step" else "zero"
    if kind is not None:
        optimizer = node.args[0] if "GradScaler" in name and node.args else owner
        is_unknown = name == "" and _is_made_in(context, owner)
        found = ("",) if is_unknown else links.models_of(context, scope, text_of(optimizer), node)
        model, *others = found
        closure = closure_of(context, scope, node) if kind == "step" else None
        if closure is not None and closure in leaks:
            model, others, kind = leaks[closure], [], "closure"
        return Event(kind, node, statement, model, tuple(others), optimizer=text_of(optimizer))
    if attr == "zero_grad" and not callees:
        return Event("zero", node, statement, text_of(owner))
    return None


def _is_bound_in(scope: Scope, owner: ast.expr) -> bool:
    """Whether an expression is computed in a scope; accelerators come from outside."""
    return not text_of(owner) or any(
        isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id == text_of(owner)
        for part in walk(scope)
    )


def _is_like_an_optimizer(context: FileContext, owner: ast.expr) -> bool:
    """Whether something unknown has ``step()`` called, and what else only optimizers have."""
    text = text_of(owner)
    if not text or context.kind(owner).tag != "unknown":
        return False
    called = {
        part.attr
        for part in walk(_place_of(context, owner))
        if isinstance(part, ast.Attribute) and text_of(part.value) == text
    }
    return "step" in called and not called.isdisjoint({"zero_grad", "param_groups"})


def _is_made_in(context: FileContext, owner: ast.expr) -> bool:
    """Whether an unknown optimizer is made by a call in the same function or class."""
    return any(
        isinstance(part, ast.Assign)
        and isinstance(part.value, ast.Call)
        and any(text_of(target) == text_of(owner) for target in part.targets)
        for part in walk(_place_of(context, owner))
    )


def _place_of(context: FileContext, node: ast.expr) -> ast.AST:
    """The class or the function in which an expression means the same."""
    is_attribute = text_of(node).startswith("self.")
    wider = context.enclosing_class(node) if is_attribute else None
    return wider or context.enclosing_function(node) or context.edits.tree


def _stepped(
    events: list[Event], place: int, arrays: list[str], bound_later: Container[str]
) -> str:
    """The module that a ``backward`` is for: the next one that is stepped, else any.

    ``arrays`` are what its gradients are read of, which are rather meant than what is reset;
    ``bound_later`` are names that have no value by then.
    """
    there = [e for e in events if e.model not in bound_later]
    following = [e.model for e in events[place:] if e.applies and e in there]
    stepped = [e.model for e in there if e.applies and e.model]
    zeroed = [e.model for e in there if e.kind == "zero" and e.model and not e.is_inside]
    return next(iter(following or stepped or arrays or zeroed), "")


def _bound_below(context: FileContext, scope: Scope, statement: ast.stmt) -> set[str]:
    """Names that a scope first binds below a statement, from where no loop leads back to it."""
    end = _outermost(context, scope, statement).end_lineno or statement.lineno
    names = [n for n in walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    above = {name.id for name in names if name.lineno <= end}
    return {name.id for name in names} - above


def _outermost(context: FileContext, scope: Scope, statement: ast.stmt) -> ast.stmt:
    """The statement of a scope's block that another one is, or is in."""
    while (parent := context.edits.parents[statement]) is not scope:
        statement = context.edits.statement_of(parent)
    return statement


def _stepped_too(events: list[Event], place: int) -> tuple[str, ...]:
    """More modules that are stepped after a ``backward`` and before the next one."""
    found: dict[str, None] = {}
    for event in events[place + 1 :]:
        if event.gathers:
            break
        if event.applies and event.model:
            found |= dict.fromkeys(event.models)
    found.pop(events[place].model, None)
    return tuple(found)
