"""Reductions over ``x[mask]``: its shape depends on values, that of its sum not."""

from __future__ import annotations

import ast

from tojax.source.kinds import MASK, is_array
from tojax.translate.context import FileContext

_REDUCTIONS = {"sum": "masked_sum", "mean": "masked_mean"}
_ELEMENTWISE = {
    f"torch.Tensor.{name}"
    for name in ("abs", "bool", "double", "exp", "float", "int", "log", "long", "square", "to")
}


def masks(context: FileContext) -> None:
    """Rewrite ``x[mask].mean()`` and ``x[mask].float().sum()`` to reductions with a condition."""
    for node in context.edits.nodes(ast.Call):
        if node.keywords or node in context.done:
            continue
        prefix, _, last = context.name(node.func).rpartition(".")
        if last not in _REDUCTIONS or prefix not in ("torch", "torch.Tensor"):
            continue
        operand = _operand(node, prefix)
        selection = _selection(context, operand) if operand is not None else None
        if operand is None or selection is None:
            continue
        helper = context.helper("masked", _REDUCTIONS[last])
        context.done.update((node, node.func))
        context.edits.replace(selection, selection.value)
        context.edits.replace(node, ast.Call(helper, [operand, selection.slice], []))


def _operand(node: ast.Call, prefix: str) -> ast.expr | None:
    """What is reduced, if it is reduced over all axes."""
    if prefix == "torch":
        return node.args[0] if len(node.args) == 1 else None
    assert isinstance(node.func, ast.Attribute)
    return None if node.args else node.func.value


def _selection(context: FileContext, node: ast.expr) -> ast.Subscript | None:
    """The ``x[mask]`` below elementwise operations."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if context.name(node.func) not in _ELEMENTWISE:
            return None
        node = node.func.value
    if isinstance(node, ast.Subscript) and context.kind(node.slice) == MASK:
        return node if is_array(context.kind(node.value)) else None
    return None
