"""In-place operations: JAX arrays do not change, so the changed value is bound again."""

from __future__ import annotations

import ast

from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.changing_calls import is_initialiser, mutated
from tojax.translate.context import FileContext
from tojax.translate.insertions import insert_before
from tojax.translate.passes.dataflow import one_by_one
from tojax.translate.passes.rebinding import (
    TRANSPARENT,
    assign,
    kept,
    owner_of,
    value_of,
)
from tojax.translate.passes.updates import update
from tojax.translate.passes.views import (
    is_held,
    is_outer,
    lost_write,
    rebound,
    seen_elsewhere,
)
from tojax.translate.rule_calls import RuleCalls
from tojax.translate.specialise import Argument, Unsupported


def inplace(context: FileContext, rules: RuleCalls) -> None:
    """Rewrite in-place methods and functions, assignments to items and updates of items."""
    for node in context.edits.nodes(ast.Expr, ast.Assign, ast.AugAssign):
        match node:
            case ast.Expr(value=ast.Call() as call) if node not in context.edits.statements:
                _statement(context, rules, node, call)
            case ast.Expr(value=ast.IfExp() as choice):
                _choice(context, rules, node, choice)
            case ast.Assign(targets=[ast.Attribute() as target]) if (
                context.name(target) in TRANSPARENT
            ):
                _set_data(context, node, target)
            case ast.Assign(targets=[ast.Subscript() as target]):
                _set_item(context, node, target)
            case ast.Assign(targets=targets) if any(_has_item(context, t) for t in targets):
                _set_several(context, node)
            case ast.AugAssign():
                update(context, node)
    for called in context.edits.nodes(ast.Call):
        if called not in context.done:
            _expression(context, rules, called)


def _new_value(context: FileContext, rules: RuleCalls, call: ast.Call) -> ast.expr | None:
    """The call in its out-of-place form, or None if it had to be left."""
    name = context.name(call.func)
    rule = rules.choose(name)
    context.done.add(call)
    if rule is None:
        context.leave_unknown(call, name)
        return None
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call):
        inner = call.func.value
        if inner not in context.done and mutated(context, inner) is not None:
            value = _new_value(context, rules, inner)
            if value is None:
                return None
            context.edits.replace(inner, value)
    positional, keywords = rules.arguments(call)
    if name.startswith("torch.Tensor.") and isinstance(call.func, ast.Attribute):
        positional.insert(0, Argument(call.func.value, rules.kind(call.func.value).present()))
    first = positional[0].node
    if isinstance(first, ast.Attribute) and context.name(first) in TRANSPARENT:
        positional[0] = Argument(first.value, rules.kind(first.value).present())
    try:
        return rules.apply(name, rule, positional, keywords, call)
    except Unsupported as error:
        context.leave(call, "TJ202", name, f"{name}: {error}")
        return None


def _statement(context: FileContext, rules: RuleCalls, node: ast.Expr, call: ast.Call) -> None:
    target = mutated(context, call)
    if target is None or call in context.done:
        return
    reason = lost_write(context, node, owner_of(context, target))
    if reason:
        context.done.update(walk(call))
        context.leave(node, "TJ203", context.name(call.func), reason)
        return
    value = _new_value(context, rules, call)
    if value is not None:
        made = assign(context, target, value)
        if made is None:
            context.leave(node, "TJ203", context.name(call.func), "writes through a view")
        else:
            context.edits.replace_statement(node, [made])


def _choice(context: FileContext, rules: RuleCalls, node: ast.Expr, choice: ast.IfExp) -> None:
    """``init.ones_(w) if last else init.zeros_(w)``, for its effects only: an ``if`` statement."""
    branches: list[list[ast.stmt]] = []
    for branch in (choice.body, choice.orelse):
        target = mutated(context, branch) if isinstance(branch, ast.Call) else None
        if target is None or not isinstance(branch, ast.Call):
            branches.append([ast.Expr(branch)])
            continue
        value = _new_value(context, rules, branch)
        made = assign(context, target, value) if value is not None else None
        if made is None:
            return
        branches.append([made])
    if any(branch in context.done for branch in (choice.body, choice.orelse)):
        context.edits.replace_statement(node, [ast.If(choice.test, *branches)])


def _expression(context: FileContext, rules: RuleCalls, call: ast.Call) -> None:
    """An in-place call whose value is used, such as ``y = x.clamp_(0)``."""
    target = mutated(context, call)
    if target is None:
        return
    target = owner_of(context, target)
    statement, name = context.edits.statement_of(call), context.name(call.func)
    if _is_comprehended(context, target, call):
        context.leave(call, "TJ203", name, "changes what the comprehension takes in place")
        context.done.add(call)
        return
    if is_initialiser(name) and isinstance(context.edits.parents[call], ast.Lambda):
        context.leave(call, "TJ203", name, "changes what the lambda is given in place")
        context.done.add(call)
        return
    if context.kind(target).tag not in ("parameter", "buffer"):
        if reason := _reason(context, target, call):
            context.leave(call, "TJ203", name, reason)
            context.done.add(call)
            return
    value = _new_value(context, rules, call)
    if value is None:
        return
    rebinds = (
        isinstance(statement, ast.Assign)
        and isinstance(target, ast.Name)
        and any(isinstance(t, ast.Name) and t.id == target.id for t in statement.targets)
    )
    if isinstance(statement, ast.Return | ast.Assign) and statement.value is call:
        if context.kind(target).tag in ("parameter", "buffer"):
            made = assign(context, target, value)
            context.edits.replace(call, value_of(target))
            insert_before(context, statement, [made] if made is not None else [])
            return
    if _is_temporary(context, target) or rebinds or isinstance(statement, ast.Return):
        context.edits.replace(call, value)
    elif isinstance(target, ast.Name) and context.kind(target).tag != "parameter":
        if isinstance(statement, ast.Assign) and statement.value is call:
            targets = [*statement.targets, ast.Name(target.id, ast.Store())]
            context.edits.replace_statement(statement, [ast.Assign(targets, value)])
            return
        context.edits.replace(call, ast.NamedExpr(ast.Name(target.id, ast.Store()), value))
    else:
        context.leave(
            call, "TJ203", context.name(call.func), "changes an array inside an expression"
        )


def _reason(context: FileContext, target: ast.expr, call: ast.Call) -> str:
    """Why the array that a call inside an expression changes cannot just be bound anew."""
    statement = context.edits.statement_of(call)
    place = rebound(context, target)
    if isinstance(place, ast.Name):
        if is_outer(context, statement, place.id):
            return f"changes '{place.id}', which is not the function's own"
    if is_held(context, call, target):
        return f"changes '{ast.unparse(place)}' in place, which the same expression uses"
    is_bound = isinstance(target, ast.Name)
    return seen_elsewhere(context, statement, target, call, is_bound=is_bound)


def _is_temporary(context: FileContext, target: ast.expr) -> bool:
    """Whether nothing else holds an array: a call's result, or ``x.max(1).values``."""
    match target:
        case ast.Attribute(value=ast.Call() as call) | ast.Subscript(value=ast.Call() as call):
            return bool(context.kind(call).fields)
    return not isinstance(target, ast.Name | ast.Attribute | ast.Subscript)


def _is_comprehended(context: FileContext, target: ast.expr, call: ast.Call) -> bool:
    """Whether a name is the variable of a comprehension around ``call``."""
    current: ast.AST = call
    while isinstance(target, ast.Name) and not isinstance(current, ast.stmt):
        current = context.edits.parents[current]
        generators: list[ast.comprehension] = getattr(current, "generators", [])
        for part in (part for generator in generators for part in walk(generator.target)):
            if isinstance(part, ast.Name) and part.id == target.id:
                return True
    return False


def _has_item(context: FileContext, target: ast.expr) -> bool:
    items = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return any(
        isinstance(item, ast.Subscript) and context.kind(item.value).tag == "array"
        for item in items
    )


def _set_several(context: FileContext, node: ast.Assign) -> None:
    """``x[i], y = a, b`` and ``x[i] = y = a``: one statement for each."""
    made: list[ast.stmt] = []
    for target, value in one_by_one(node):
        statement: ast.stmt | None = ast.Assign([target], value)
        if isinstance(target, ast.Subscript) and is_array(context.kind(target.value)):
            is_lost = lost_write(context, node, owner_of(context, target.value))
            statement = None if is_lost else assign(context, target, value)
        if statement is not None:
            made.append(statement)
    if made and len(made) == len(one_by_one(node)):
        context.edits.replace_statement(node, made)
    else:
        context.leave(node, "TJ203", "", "assign to one array item at a time")


def _set_data(context: FileContext, node: ast.Assign, target: ast.Attribute) -> None:
    """``x.data = value``."""
    if reason := lost_write(context, node, owner_of(context, target)):
        context.leave(node, "TJ203", "", reason)
        return
    made = assign(context, target, node.value)
    context.edits.replace_statement(node, [made] if made else [])


def _set_item(context: FileContext, node: ast.Assign, target: ast.Subscript) -> None:
    owner = owner_of(context, target.value)
    if not is_array(context.kind(owner)):
        return
    if owner is target.value and context.kind(owner).tag in ("parameter", "buffer"):
        value = kept(context, owner, node.value)
        if value is not node.value:
            context.edits.replace_statement(node, [ast.Assign([target], value)])
        return
    reason = lost_write(context, node, owner)
    made = None if reason else assign(context, target, node.value)
    if made is None:
        context.leave(node, "TJ203", "", reason or "writes through a view")
    else:
        context.edits.replace_statement(node, [made])
