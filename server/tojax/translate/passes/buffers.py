"""Buffers that get a new value: ``self.mean = value`` leaves a buffer what it is in PyTorch.

In NNX such an assignment would put an array in the place of the variable, which then is lost to
what saves and loads the state.
"""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.rebinding import kept, value_of, variable_itself


def buffers(context: FileContext) -> None:
    """Give the variables of registered buffers the values that are assigned to them."""
    for node in context.edits.nodes(ast.Assign):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target]) if (
                node not in context.edits.statements
                and _is_buffer(context, target)
                and _is_registered_before(context, node, target.attr)
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


def _is_registered_before(context: FileContext, node: ast.Assign, name: str) -> bool:
    """Whether the buffer is there already; a constructor may register it in another branch."""
    function = context.enclosing_function(node)
    if function is None or function.name != "__init__":
        return True
    registering = [
        context.edits.statement_of(part)
        for part in walk(function)
        if isinstance(part, ast.Call)
        and context.name(part.func) == "torch.nn.Module.register_buffer"
        and any(isinstance(a, ast.Constant) and a.value == name for a in part.args)
    ]
    return not registering or any(_follows(context, node, first) for first in registering)


def _follows(context: FileContext, node: ast.AST, first: ast.stmt) -> bool:
    """Whether a statement runs after ``first``, in its block or further in."""
    owner = context.edits.parents[first]
    while context.edits.parents.get(node) is not owner:
        if node not in context.edits.parents:
            return False
        node = context.edits.parents[node]
    blocks = [block for _, block in ast.iter_fields(owner) if isinstance(block, list)]
    return any(first in block and node in block[block.index(first) :] for block in blocks)


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
