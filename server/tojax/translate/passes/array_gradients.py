"""Arrays whose gradients are read by name: ``loss.backward()``, then ``x.grad``.

They are differentiated as an optimizer's modules are; ``x.grad`` becomes a variable ``x_grad``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import Scope

_OTHERS = {"module", "modules", "parameter", "optimizer", "group"}


def arrays_asked(
    context: FileContext, scope: Scope, backwards: Sequence[ast.stmt]
) -> dict[str, list[ast.Attribute]]:
    """The arrays whose gradients a scope asks for, each with the places where it does.

    The variable of a loop counts only if a backward is in the loop: others go through parameters.
    """
    found: dict[str, list[ast.Attribute]] = {}
    if ".grad" not in context.edits.text.source:
        return found
    for node in walk(scope):
        match node:
            case ast.Attribute(value=ast.Name(id=name) as owner, attr="grad"):
                if context.kind(owner).tag not in _OTHERS:
                    if (context.enclosing_function(node) or context.edits.tree) is scope:
                        found.setdefault(name, []).append(node)
    for node in walk(scope):
        if isinstance(node, ast.For | ast.comprehension):
            bound = {part.id for part in walk(node.target) if isinstance(part, ast.Name)}
            inside = set(walk(node))
            if bound & found.keys() and not any(statement in inside for statement in backwards):
                for name in bound:
                    found.pop(name, None)
    first = {name: min(place.lineno for place in places) for name, places in found.items()}
    return {name: found[name] for name in sorted(found, key=first.__getitem__)}


def read_gradients(context: FileContext, places: Sequence[ast.Attribute], variable: str) -> None:
    """Print the variable where a gradient is read, as ``x.grad`` or ``x.grad.data``."""
    for node in places:
        outer = context.edits.parents[node]
        is_data = isinstance(outer, ast.Attribute) and outer.attr == "data"
        read = outer if is_data else node
        context.done |= {read, node}
        if isinstance(node.ctx, ast.Load):
            context.edits.replace(read, ast.Name(variable, ast.Load()))


def resets(statement: ast.stmt) -> str:
    """The array whose gradient a statement sets to zero or None; empty if it does not."""
    match statement:
        case ast.Assign(
            targets=[ast.Attribute(value=ast.Name(id=name), attr="grad")],
            value=ast.Constant(value=None),
        ):
            return name
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=gradient, attr="zero_"))):
            if isinstance(gradient, ast.Attribute) and gradient.attr == "data":
                gradient = gradient.value
            match gradient:
                case ast.Attribute(value=ast.Name(id=name), attr="grad"):
                    return name
    return ""
