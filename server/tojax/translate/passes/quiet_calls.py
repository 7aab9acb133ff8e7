"""What functions give that run under ``no_grad``: it has no gradient where they are called."""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.source.kinds import UNKNOWN, is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.memory.sharing import Target
from tojax.translate.passes.modes import stops


def quiet_calls(context: FileContext) -> None:
    """Put ``stop_gradient`` around arrays that may be differentiated: what a call of such a
    function gives, and what a function returns under ``no_grad`` that returns other values too."""
    for call in [node for calls in context.edits.calls.values() for node in calls]:
        targets = [target for target, _ in context.sharing.targets(context, call)]
        if targets and all(_is_quiet(context, t) for t in targets) and _matters(context, call):
            _stop(context, call, call)
    for node in context.edits.nodes(ast.Return):
        if node.value is not None and node in context.edits.spans:
            scope = context.enclosing_function(node)
            if isinstance(scope, Function) and _is_inside(context, node, scope):
                if not _is_quiet(context, scope) and _may_be_array(context, node.value):
                    _stop(context, node, node.value)


def _stop(context: FileContext, owner: ast.AST, value: ast.expr) -> None:
    context.imports.add("import jax")
    start, end = context.edits.spans[value]
    context.edits.replace_text(owner, start, start, "jax.lax.stop_gradient(")
    context.edits.replace_text(owner, end, end, ")")


def _may_be_array(context: FileContext, node: ast.expr) -> bool:
    """Whether an expression is an array, or may be one in the method of a layer."""
    owner = context.enclosing_class(node)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    in_layer = facts is not None and context.program.is_layer(facts)
    kind = context.kind(node)
    return is_array(kind) or (in_layer and kind == UNKNOWN)


def _is_quiet(context: FileContext, target: Target) -> bool:
    """Whether all that a function returns is computed under ``no_grad``."""
    if not isinstance(target, Function):
        return False
    home = context.sharing.context_of(target)
    if home is None:
        return False
    if any(stops(home, decorator) for decorator in target.decorator_list):
        return True
    own = [
        node
        for node in walk(target)
        if isinstance(node, ast.Return) and node.value and home.enclosing_function(node) is target
    ]
    return bool(own) and all(_is_inside(home, node, target) for node in own)


def _is_inside(context: FileContext, node: ast.AST, scope: ast.AST) -> bool:
    """Whether a node runs under a ``no_grad`` of its function's."""
    while node is not scope and node in context.edits.parents:
        node = context.edits.parents[node]
        if isinstance(node, ast.With):
            if any(stops(context, item.context_expr) for item in node.items):
                return True
    return False


def _matters(context: FileContext, call: ast.Call) -> bool:
    """Whether the result of a call may be differentiated where it is used."""
    if isinstance(context.edits.parents[call], ast.Expr):
        return False
    scope = context.enclosing_function(call)
    if _is_inside(context, call, scope or context.edits.tree):
        return False
    if scope is not None and any(stops(context, d) for d in scope.decorator_list):
        return False
    return _may_be_array(context, call) and any(
        (isinstance(node, ast.Return) and node.value is not None)
        or (isinstance(node, ast.Attribute) and node.attr == "backward")
        for node in walk(scope or context.edits.tree)
    )
