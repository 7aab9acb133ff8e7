"""Copies of layers that are used beside one another: each draws random numbers of its own.

PyTorch's layers draw from one generator. NNX's keep a stream of keys, which a copy repeats.
"""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.rngs.drawing_layers import may_draw, surely_draws


def clones(context: FileContext) -> None:
    """``copy.deepcopy(layer)`` → ``clone_layer(layer)``, if the layer draws when it is called."""
    for node in context.edits.nodes(ast.Call):
        if context.kind(node.func).name != "copy.deepcopy" or len(node.args) != 1:
            continue
        if node.keywords or isinstance(node.args[0], ast.Starred):
            continue
        kind = context.kind(node.args[0])
        draws = may_draw if _is_repeated(context, node) else surely_draws
        if _is_part(context, node) and not _is_evaluated(context, node) and draws(context, kind):
            context.edits.replace(node.func, context.helper("module_clones", "clone_layer"))


def _is_repeated(context: FileContext, node: ast.Call) -> bool:
    """``[copy.deepcopy(layer) for _ in range(n)]``"""
    match context.edits.parents[node]:
        case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            return True
        case ast.Call(func=ast.Attribute(attr="append")) as parent:
            current: ast.AST | None = parent
            while current is not None and not isinstance(current, ast.For | ast.While):
                current = context.edits.parents.get(current)
            return current is not None
    return False


def _is_part(context: FileContext, node: ast.Call) -> bool:
    """Whether a copy becomes a part of a model: it is no snapshot of one that is trained."""
    if _is_repeated(context, node):
        return True
    parent = context.edits.parents[node]
    if isinstance(parent, ast.Call):
        return context.kind(parent).tag == "module" and parent.func is not node
    function = context.enclosing_function(node)
    return function is not None and function.name == "__init__"


def _is_evaluated(context: FileContext, node: ast.Call) -> bool:
    """Whether a copy draws nothing, as it is put into evaluation: ``deepcopy(model).eval()``."""
    parent = context.edits.parents[node]
    if isinstance(parent, ast.Attribute):
        return parent.attr == "eval"
    if not isinstance(parent, ast.Assign):
        return False
    target = ast.unparse(parent.targets[0])
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == "eval"
        and ast.unparse(part.value) == target
        for part in walk(context.enclosing_class(node) or context.edits.tree)
    )
