"""Items stored in what a module gave, of which nothing else tells that it is an array.

``logits[logits < v] = 0`` fails for JAX's arrays, and is right for NumPy's: it is marked.
"""

from __future__ import annotations

import ast

from tojax.source.given import given
from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.passes.dataflow import text_of
from tojax.translate.passes.links import is_named_like_a_module


def unknown_stores(context: FileContext) -> None:
    """Mark assignments to items of what a module gave, by an index that only arrays take."""
    for node in context.edits.nodes(ast.Assign, ast.AugAssign):
        if node in context.edits.statements or node in context.unresolved:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if not isinstance(target, ast.Subscript) or not _indexes_array(context, target.slice):
                continue
            if context.kind(target.value).tag == "unknown" and _stems(context, target.value, set()):
                base = ast.unparse(target.value)
                reason = f"arrays do not change: {base} = {base}.at[...].set(...), if it is one"
                context.leave(node, "TJ203", "", reason)


def _indexes_array(context: FileContext, index: ast.expr) -> bool:
    """Whether an index is none of a list or a dict: a mask, or several of which one is a slice."""
    parts = index.elts if isinstance(index, ast.Tuple) else []
    is_several = any(
        isinstance(part, ast.Slice) or (isinstance(part, ast.Constant) and part.value is ...)
        for part in parts
    )
    return is_several or isinstance(index, ast.Compare) or is_array(context.kind(index))


def _stems(context: FileContext, node: ast.expr, seen: set[str]) -> bool:
    """Whether a value is computed from what a module gave."""
    match node:
        case ast.Call(func=function) if _is_module(context, function):
            return True
        case ast.Call(func=ast.Attribute(attr="numpy" | "tolist")):
            return False
        case ast.Call(func=ast.Attribute(value=inner)):
            return _stems(context, inner, seen)
        case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.UnaryOp(operand=inner):
            return _stems(context, inner, seen)
        case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
            return _stems(context, left, seen) or _stems(context, right, seen)
        case ast.Name(id=name) if name not in seen:
            found = given(context.enclosing_function(node) or context.edits.tree, name)
            values = [*found.values, *found.wholes]
            return any(_stems(context, value, seen | {name}) for value in values)
    return False


def _is_module(context: FileContext, function: ast.expr) -> bool:
    """Whether a call is of a module: by its kind, by its name, or as one that a layer was given."""
    kind, text = context.kind(function).tag, text_of(function)
    if kind == "module" or is_named_like_a_module(text):
        return True
    owner = context.enclosing_class(function)
    facts = context.facts.class_of.get(owner) if owner is not None else None
    is_own = kind == "unknown" and text.startswith("self.") and text.count(".") == 1
    return is_own and facts is not None and context.program.is_layer(facts)
