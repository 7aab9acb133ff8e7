"""Updates of arrays and their items, ``x += 1`` and ``x[i] *= 2``: JAX arrays do not change."""

from __future__ import annotations

import ast

from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.passes.rebinding import (
    assign,
    at,
    kept,
    owner_of,
    unmasked,
    variable_itself,
    where_mask,
)
from tojax.translate.passes.views import lost_write, shows_array

_UPDATES = {ast.Add: "add", ast.Mult: "multiply", ast.Div: "divide", ast.Pow: "power"}


def update(context: FileContext, node: ast.AugAssign) -> None:
    target = owner_of(context, node.target)
    kind = context.kind(target)
    if isinstance(target, ast.Subscript) and is_array(
        context.kind(owner_of(context, target.value))
    ):
        _update_item(context, node, target)
    elif kind.tag in ("parameter", "buffer") and isinstance(target, ast.Name | ast.Attribute):
        item = ast.Subscript(variable_itself(target), ast.Constant(...), ast.Store())
        value = kept(context, target, node.value)
        context.edits.replace_statement(node, [ast.AugAssign(item, node.op, value)])
    elif is_array(kind) or (kind.tag == "unknown" and shows_array(context, node, target)):
        reason = lost_write(context, node, target)
        if reason:
            context.leave(node, "TJ203", "", reason)
        elif target is not node.target and isinstance(target, ast.Name):  # x.data -= y
            place = ast.Name(target.id, ast.Store())
            context.edits.replace_statement(node, [ast.AugAssign(place, node.op, node.value)])


def _update_item(context: FileContext, node: ast.AugAssign, target: ast.Subscript) -> None:
    owner = owner_of(context, target.value)
    if context.kind(owner).tag in ("parameter", "buffer"):
        value = kept(context, owner, node.value)
        if owner is not target.value or value is not node.value:
            place = ast.Subscript(variable_itself(owner), target.slice, ast.Store())
            context.edits.replace_statement(node, [ast.AugAssign(place, node.op, value)])
        return
    reason = lost_write(context, node, owner)
    if reason:
        context.leave(node, "TJ203", "", reason)
        return
    old = ast.Subscript(owner, target.slice, ast.Load())
    method = _UPDATES.get(type(node.op))
    whole = unmasked(context, ast.BinOp(target, node.op, node.value), target.slice)
    if whole is not None:
        value = where_mask(context, owner, target.slice, whole)
    elif not _is_basic(context, target.slice):
        value = at(owner, target.slice, "set", ast.BinOp(old, node.op, node.value))
    elif method is not None:
        value = at(owner, target.slice, method, node.value)
    elif isinstance(node.op, ast.Sub):
        value = at(owner, target.slice, "add", ast.UnaryOp(ast.USub(), node.value))
    else:
        value = at(owner, target.slice, "set", ast.BinOp(old, node.op, node.value))
    made = assign(context, target.value, value)
    if made is None:
        context.leave(node, "TJ203", "", "writes through a view")
    else:
        context.edits.replace_statement(node, [made])


def _is_basic(context: FileContext, index: ast.expr) -> bool:
    """Whether an index names every item at most once: integers, slices, ``...`` and None."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(
        isinstance(part, ast.Slice | ast.Constant)
        or context.kind(part).tag == "int"
        or (isinstance(part, ast.UnaryOp) and isinstance(part.operand, ast.Constant))
        for part in parts
    )
