"""Buffers that get a new value: ``self.mean = value`` leaves a buffer what it is in PyTorch.

In NNX such an assignment would put an array in the place of the variable, which then is lost to
what saves and loads the state.
"""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.passes.rebinding import kept, value_of, variable_itself


def buffers(context: FileContext) -> None:
    """Give the variables of registered buffers the values that are assigned to them."""
    for node in list(context.edits.parents):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target]) if (
                node not in context.edits.statements and _is_buffer(context, target)
            ):
                _set(context, node, target)
            case ast.Assign(targets=[ast.Tuple() | ast.List() as targets]):
                for item in targets.elts:
                    if isinstance(item, ast.Attribute) and _is_buffer(context, item):
                        variable = variable_itself(item)
                        place = ast.Subscript(variable, ast.Constant(...), ast.Store())
                        context.edits.replace(item, place)


def _is_buffer(context: FileContext, target: ast.Attribute) -> bool:
    """Whether an attribute always holds a registered buffer."""
    owner = context.program.class_of(context.kind(target.value))
    held = context.program.attribute(owner, target.attr) if owner is not None else None
    return held is not None and held.tag == "buffer" and not held.optional


def _set(context: FileContext, node: ast.Assign, target: ast.Attribute) -> None:
    """``self.mean.set_value(value)``: the value may have another shape than the old one."""
    value = node.value
    kind = context.kind(value)
    if kind.tag == "buffer" and isinstance(value, ast.Call):
        return  # a new variable
    if kind.tag in ("parameter", "buffer"):
        value = value_of(value)
    setter = ast.Attribute(variable_itself(target), "set_value", ast.Load())
    call = ast.Call(setter, [kept(context, target, value)], [])
    context.edits.replace_statement(node, [ast.Expr(call)])
