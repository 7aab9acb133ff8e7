"""Functions that a layer keeps in an attribute and that use the layer itself.

NNX takes a layer apart and puts it together again wherever it differentiates or compiles; such a
function goes on using the first one, without its gradients and with its old weights.
"""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts, Function
from tojax.source.kinds import is_array
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_HOLDS_STATE = {"module", "modules", "method", "unknown"}


def closures(context: FileContext) -> None:
    """Report attributes of layers that hold functions which use the layer's weights."""
    around = {
        context.enclosing_function(node)
        for node in context.edits.nodes(ast.FunctionDef, ast.Lambda)
    }
    for facts in context.facts.classes.values():
        if context.program.is_layer(facts):
            for method in facts.functions:
                if method in around:
                    _method(context, facts, method)


def _method(context: FileContext, facts: ClassFacts, method: Function) -> None:
    named = {n.name: n for n in walk(method) if isinstance(n, ast.FunctionDef)}
    for node in walk(method):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=owner)) as target], value=value
            ) if method.args.args and owner == method.args.args[0].arg:
                function = named.get(value.id) if isinstance(value, ast.Name) else value
                if isinstance(function, ast.Lambda | ast.FunctionDef) and _uses_state(
                    context, facts, function, owner
                ):
                    reason = (
                        f"{owner}.{target.attr} keeps a function that uses {owner}: under jax.grad "
                        "and jit it uses the weights of when it was made; write a method instead"
                    )
                    context.leave(target, "TJ204", "torch.nn.Module", reason)


def _uses_state(context: FileContext, facts: ClassFacts, function: ast.AST, owner: str) -> bool:
    """Whether a function reads what a layer holds of arrays and layers, or calls its methods."""
    for node in walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == owner:
                kind = context.program.attribute(facts, attr)
                is_method = context.program.method(facts, attr) is not None
                if is_method or kind.tag in _HOLDS_STATE or is_array(kind):
                    return True
    return False
