"""Binds the changed value of an array again: to a name, an attribute, a variable, an item."""

from __future__ import annotations

import ast

from tojax.source.kinds import MASK, is_array
from tojax.translate.changing_calls import mutated
from tojax.translate.context import FileContext
from tojax.translate.passes.modes import keeps_no_gradient, stop_gradient
from tojax.translate.specialise.literals import is_unknown, static

TRANSPARENT = {"torch.Tensor.data"}  # the same memory by another name


def owner_of(context: FileContext, target: ast.expr) -> ast.expr:
    """What is changed: ``x`` for ``x.data`` and for the result of another in-place call."""
    while True:
        if isinstance(target, ast.Attribute) and context.name(target) in TRANSPARENT:
            target = target.value
        elif isinstance(target, ast.Call) and mutated(context, target) is not None:
            inner = mutated(context, target)
            assert inner is not None
            target = inner
        else:
            return target


def assign(context: FileContext, target: ast.expr, value: ast.expr) -> ast.stmt | None:
    """The statement that gives ``target`` a new value; None if it is a view of something else."""
    target = owner_of(context, target)
    kind = context.kind(target)
    if isinstance(target, ast.Attribute) or kind.tag in ("parameter", "buffer"):
        value = kept(context, target, value)
    match target:
        case ast.Name(id=name) if kind.tag in ("parameter", "buffer"):
            place = ast.Subscript(ast.Name(name, ast.Load()), ast.Constant(...), ast.Store())
            return ast.Assign([place], value)
        case ast.Name(id=name):
            return ast.Assign([ast.Name(name, ast.Store())], value)
        case ast.Attribute(value=base, attr=attr):
            copy = ast.Attribute(base, attr, ast.Store())
            if kind.tag in ("parameter", "buffer") or attr in ("weight", "bias"):
                return ast.Assign([ast.Subscript(copy, ast.Constant(...), ast.Store())], value)
            return ast.Assign([copy], value)
        case ast.Subscript(value=base, slice=index):
            return _assign_item(context, base, index, value)
        case ast.Call(func=ast.Name(id="getattr")) if kind.tag in ("parameter", "buffer"):
            place = ast.Subscript(variable_itself(target), ast.Constant(...), ast.Store())
            return ast.Assign([place], value)
    return None


def _assign_item(
    context: FileContext, base: ast.expr, index: ast.expr, value: ast.expr
) -> ast.stmt | None:
    owner = owner_of(context, base)
    if context.kind(owner).tag in ("parameter", "buffer"):
        value = kept(context, owner, value)
        return ast.Assign([ast.Subscript(variable_itself(owner), index, ast.Store())], value)
    if not is_array(context.kind(owner)):
        return ast.Assign([ast.Subscript(owner, index, ast.Store())], value)
    whole = unmasked(context, value, index)
    if whole is not None:
        return assign(context, base, where_mask(context, owner, index, whole))
    return assign(context, base, at(owner, index, "set", value))


def kept(context: FileContext, target: ast.expr, value: ast.expr) -> ast.expr:
    """A value to be stored in a module: without its gradient if it is stored under ``no_grad``."""
    if not keeps_no_gradient(context, target) or _is_scalar(context, value):
        return value
    context.imports.add("import jax")
    return stop_gradient(value)


def where_mask(context: FileContext, owner: ast.expr, mask: ast.expr, value: ast.expr) -> ast.expr:
    """``owner`` with ``value`` where ``mask`` holds."""
    return ast.Call(context.helper("masked", "where_mask"), [owner, mask, value], [])


def unmasked(context: FileContext, value: ast.expr, mask: ast.expr) -> ast.expr | None:
    """What gives ``value`` where ``mask`` holds, and has a shape that does not depend on values.

    ``2 * y[mask] + 1`` is that of ``2 * y + 1``. None if ``mask`` is no mask, or if the value is
    not computed item by item from others, or if that might divide by zero elsewhere.
    """
    if context.kind(mask) != MASK:
        return None
    if _is_scalar(context, value):
        return value
    match value:
        case ast.Subscript(value=base, slice=index) if is_array(context.kind(base)) and ast.unparse(
            index
        ) == ast.unparse(mask):
            return base
        case ast.BinOp(left=left, op=operator, right=right):
            parts = unmasked(context, left, mask), unmasked(context, right, mask)
            is_safe = isinstance(operator, ast.Add | ast.Sub | ast.Mult) or (
                isinstance(operator, ast.Div) and _is_scalar(context, right)
            )
            if parts[0] is not None and parts[1] is not None and is_safe:
                return ast.BinOp(parts[0], operator, parts[1])
        case ast.UnaryOp(op=ast.USub() as operator, operand=operand):
            part = unmasked(context, operand, mask)
            return None if part is None else ast.UnaryOp(operator, part)
    return None


def _is_scalar(context: FileContext, value: ast.expr) -> bool:
    kind = context.kind(value)
    return kind.tag in ("int", "float", "bool") or not is_unknown(static(value))


def value_of(variable: ast.expr) -> ast.expr:
    """The value of a module's variable: ``variable[...]``."""
    return ast.Subscript(variable_itself(variable), ast.Constant(...), ast.Load())


def variable_itself(node: ast.expr) -> ast.expr:
    """A variable itself, not its value."""
    if isinstance(node, ast.Attribute):
        return ast.Attribute(node.value, node.attr, ast.Load())
    if isinstance(node, ast.Call):
        return ast.Call(node.func, node.args, node.keywords)
    return ast.Name(node.id, ast.Load()) if isinstance(node, ast.Name) else node


def at(base: ast.expr, index: ast.expr, method: str, value: ast.expr) -> ast.expr:
    """``base.at[index].method(value)``."""
    item = ast.Subscript(ast.Attribute(base, "at", ast.Load()), index, ast.Load())
    return ast.Call(ast.Attribute(item, method, ast.Load()), [value], [])
