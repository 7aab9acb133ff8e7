"""Loops over parameters that read, change or reset their gradients.

PyTorch keeps the gradient in the parameter, so that ``p.grad *= 2`` is seen by the step after the
loop. What only computes with the gradient itself is a map over all of them.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from typing import TypeGuard

from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.changing_calls import mutated
from tojax.translate.context import FileContext
from tojax.translate.passes.array_gradients import resets
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.event import Event

_LOST = "this gradient is not the one that is applied: change grads, what value_and_grad returns"


def loops_over(statement: ast.stmt, node: ast.expr) -> TypeGuard[ast.For]:
    """Whether a statement is a loop over an expression with one variable."""
    return (
        isinstance(statement, ast.For)
        and statement.iter is node
        and isinstance(statement.target, ast.Name)
    )


def gradients_read(loop: ast.For) -> list[ast.Attribute]:
    """The places where a loop over parameters reads or changes their gradients."""
    return [
        part
        for statement in loop.body
        for part in walk(statement)
        if isinstance(part, ast.Attribute)
        and part.attr == "grad"
        and text_of(part.value) == _variable(loop)
    ]


def loop_events(node: ast.Call, statement: ast.stmt) -> list[Event]:
    """What a loop over ``model.parameters()`` or ``model.named_parameters()`` does to gradients."""
    if not isinstance(statement, ast.For) or statement.iter is not node or statement.orelse:
        return []
    assert isinstance(node.func, ast.Attribute)
    name, model = _variable(statement), text_of(node.func.value)
    if node.args or node.keywords or not name or not gradients_read(statement):
        return []
    if maps_gradients(statement):
        is_reset = all(resets(part) == name or detaches(part) for part in changing(statement))
        return [Event("zero" if is_reset else "change", node, statement, model)]
    if not loops_over(statement, node):
        return []
    found = [Event("loop", node, statement, model)]
    last = changing(statement)[-1:]
    if last and resets(last[0]) == name and not _read_below(statement, last[0]):
        made = last[0] if isinstance(last[0], ast.Assign) else last[0].value  # type: ignore[attr-defined]
        found.append(Event("zero", made, statement, model))
    return found


def changes_or_resets(events: list[Event]) -> None:
    """Tell a reset from zeros that are applied: it is one unless a step follows it."""
    for place, event in enumerate(events):
        if event.kind != "zero" or not is_loop(event):
            continue
        gathered = is_gathered(events[:place], event.model)
        following = (e for e in events[place + 1 :] if event.model in e.models)
        after = next((e for e in following if e.kind != "zero"), None)
        if gathered and after is not None and not after.gathers:
            event.kind = "change"


def is_gathered(before: list[Event], model: str) -> bool:
    """Whether there are gradients of a module after some events."""
    return any(event.gathers and model in event.models for event in before)


def are_used(after: list[Event], model: str, accumulated: Container[str]) -> bool:
    """Whether any of the events that follow sees what a loop makes of the gradients."""
    for event in (event for event in after if model in event.models):
        if event.gathers or event.kind == "zero":
            return event.kind != "zero" and model in accumulated
        return True
    return model in accumulated


def is_loop(event: Event) -> bool:
    """Whether an event is a whole loop over parameters."""
    return isinstance(event.statement, ast.For) and event.statement.iter is event.node


def maps_gradients(loop: ast.For) -> bool:
    """Whether each statement of a loop changes the gradient, by nothing else of the parameter."""
    body = list(unguarded(loop, loop.body))
    inner = [part for statement in body for part in walk(statement)]
    owners = {part.value for part in gradients_read(loop)}
    bound = {part.id for part in walk(loop.target) if isinstance(part, ast.Name)}
    return all(statement in changing(loop) for statement in body) and not any(
        isinstance(part, ast.NamedExpr)
        or (isinstance(part, ast.Name) and part.id in bound and part not in owners)
        for part in inner
    )


def changing(loop: ast.For) -> list[ast.stmt]:
    """The statements of a loop that give a parameter's gradient a new value, in place or not."""
    gradients = set(gradients_read(loop))
    parts = (part for statement in loop.body for part in walk(statement))
    return [part for part in parts if isinstance(part, ast.stmt) and changed(part) in gradients]


def changed(statement: ast.stmt) -> ast.Attribute | None:
    """The gradient that a statement changes: ``p.grad`` in ``p.grad.data.mul_(2)``."""
    target = _changed(statement)
    return target if isinstance(target, ast.Attribute) and _is_gradient(target) else None


def changed_by_name(loop: ast.For) -> list[ast.stmt]:
    """The statements that change a gradient in place by another name: ``g = p.grad; g *= 2``."""
    gradients = set(gradients_read(loop))
    statements = [p for s in loop.body for p in walk(s) if isinstance(p, ast.stmt)]
    names = {
        target.id
        for statement in statements
        if isinstance(statement, ast.Assign) and _whole(statement.value) in gradients
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return [
        statement
        for statement in statements
        if isinstance(target := _changed(statement), ast.Name) and target.id in names
        # binding the name anew changes no gradient
        if not (isinstance(statement, ast.Assign) and statement.targets == [target])
    ]


def _changed(statement: ast.stmt) -> ast.expr | None:
    """What a statement assigns to or changes in place, with all its items."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr=attr))):
            if not attr.endswith("_") or attr.endswith("__"):
                return None
            while isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute):
                target = target.func.value  # p.grad.mul_(2).add_(1)
            return _whole(target)
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
            return _whole(target)
    return None


def _whole(target: ast.expr) -> ast.expr:
    """``x`` for ``x.data`` and ``x[i]``."""
    while isinstance(target, ast.Subscript) or (
        isinstance(target, ast.Attribute) and target.attr == "data"
    ):
        target = target.value
    return target


def detaches(statement: ast.stmt) -> bool:
    """Whether a statement is ``p.grad.detach_()``, which changes no value."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="detach_" | "requires_grad_"))):
            return True
    return False


def unguarded(loop: ast.For, body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements out of the tests for a gradient: what is differentiated has one in JAX."""
    for statement in body:
        match statement:
            case ast.If(test=test, body=inner, orelse=[]) if _has_gradient(loop, test):
                yield from unguarded(loop, inner)
            case ast.If() if skips(loop, statement):
                pass
            case ast.Pass():
                pass
            case _:
                yield statement


def skips(loop: ast.For, statement: ast.If) -> bool:
    """Whether a statement of a loop is ``if p.grad is None: continue``."""
    match statement:
        case ast.If(
            test=ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=None)]),
            body=[ast.Continue()],
            orelse=[],
        ):
            return left in gradients_read(loop) and statement in loop.body
    return False


def mark_lost_changes(context: FileContext) -> None:
    """Mark the changes of gradients that nothing has rewritten: no step would see them."""
    if ".grad" not in context.edits.text.source:
        return
    own = _own_gradients(context)
    for statement in context.edits.nodes(ast.Expr, ast.Assign, ast.AugAssign):
        if _is_stored(context, statement) or _is_left(context, statement, own=own):
            context.leave(statement, "TJ204", "torch.Tensor.grad", _LOST)
            context.done.update(part for part in walk(statement) if _is_gradient(part))


def _is_stored(context: FileContext, statement: ast.stmt) -> bool:
    """Whether an operation in place, also ``torch.clamp_(p.grad, 0)``, now assigns to ``p.grad``.

    An assignment that the user wrote may be to a gradient of a class of the user's.
    """
    match context.edits.statements.get(statement):
        case [ast.Assign(targets=[ast.Attribute(attr="grad")])]:
            return isinstance(statement, ast.Expr)
    return False


def _is_left(context: FileContext, statement: ast.stmt, *, own: bool) -> bool:
    """Whether a gradient is changed that no pass has dealt with; ``own`` classes may have some."""
    gradient = changed(statement)
    if gradient is None or gradient in context.done:
        return False
    if isinstance(statement, ast.Expr):
        return (
            isinstance(statement.value, ast.Call) and mutated(context, statement.value) is not None
        )
    kind = context.kind(gradient.value)
    return is_array(kind) or (kind.tag == "unknown" and not own)


def _is_gradient(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "grad"


def _own_gradients(context: FileContext) -> bool:
    """Whether a class of the file has gradients of its own, so that ``x.grad`` may be one."""
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == "grad"
        and text_of(part.value) == "self"
        and isinstance(part.ctx, ast.Store)
        for part in context.edits.nodes(ast.Attribute)
    )


def _variable(loop: ast.For) -> str:
    """The name of the parameter in ``for p in …`` and in ``for name, p in named_parameters()``."""
    match loop:
        case ast.For(
            target=ast.Name(id=name), iter=ast.Call(func=ast.Attribute(attr="parameters"))
        ):
            return name
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(), ast.Name(id=name)]),
            iter=ast.Call(func=ast.Attribute(attr="named_parameters")),
        ):
            return name
    return ""


def _has_gradient(loop: ast.For, test: ast.expr) -> bool:
    """Whether a test is for a gradient that is there: ``p.grad is not None``."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return left in gradients_read(loop)
        case ast.Attribute(value=ast.Name(id=name), attr="requires_grad"):
            return name == _variable(loop)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_has_gradient(loop, value) for value in values)
    return False


def _read_below(loop: ast.For, statement: ast.stmt) -> bool:
    """Whether a reset is under a condition of its own, or its gradient is looked at after it."""
    inside = set(walk(statement))
    later = any(
        part not in inside and part.lineno >= statement.lineno for part in gradients_read(loop)
    )
    return later or statement not in list(unguarded(loop, loop.body))
