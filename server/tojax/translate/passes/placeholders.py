"""Attributes that hold a layer only sometimes: ``self.down = None``, then perhaps a layer.

NNX decides by the first value whether an attribute holds data, and wants to be told otherwise.
"""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts
from tojax.source.kinds import is_array
from tojax.translate.context import FileContext
from tojax.translate.layer_classes import is_function

_DATA = {"module", "modules", "array", "parameter", "buffer"}
Assignment = ast.Assign | ast.AnnAssign


def placeholders(context: FileContext) -> None:
    """Mark what stands in an attribute before a layer or an array does."""
    by_name: dict[tuple[ClassFacts, str], list[Assignment]] = {}
    for node in context.edits.nodes(ast.Assign, ast.AnnAssign):
        if node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            match target:
                case ast.Attribute(value=ast.Name(id="self"), attr=attr):
                    owner = context.enclosing_class(node)
                    facts = context.facts.class_of.get(owner) if owner is not None else None
                    if facts is not None and context.program.is_layer(facts):
                        by_name.setdefault((facts, attr), []).append(node)
                case ast.Attribute(attr="bias") if context.kind(node.value).tag == "parameter":
                    if node not in context.edits.statements:
                        _wrap(context, node, "data")  # the layer may have been made without one
    for (facts, name), assignments in by_name.items():
        for assignment in assignments:
            if assignment not in context.edits.statements:
                _mark(context, facts, name, assignment, assignments)


def _mark(
    context: FileContext,
    facts: ClassFacts,
    name: str,
    node: Assignment,
    assignments: list[Assignment],
) -> None:
    held = context.program.attribute(facts, name)
    others = [a.value for a in assignments if a is not node and a.value is not None]
    assert node.value is not None
    if isinstance(node.value, ast.Constant) and node.value.value is None:
        if held.tag in _DATA or any(_constructs_layer(context, value) for value in others):
            _wrap(context, node, "data")
        return
    has_layer = any(
        _constructs_layer(context, value) and not _becomes_function(context, value)
        for value in others
    )
    has_array = any(is_array(context.kind(value)) for value in others)
    is_open = isinstance(node.value, ast.Name) and not _is_data(context, node.value)
    if has_layer and _becomes_function(context, node.value):
        _wrap(context, node, "Sequential")
    elif is_open and (has_layer or has_array):
        _wrap(context, node, "data")


def _wrap(context: FileContext, node: Assignment, maker: str) -> None:
    """Print ``nnx.data(value)`` or ``nnx.Sequential(value)`` for the value."""
    context.imports.add("from flax import nnx")
    function = ast.Attribute(ast.Name("nnx", ast.Load()), maker, ast.Load())
    assert node.value is not None
    made = ast.Call(function, [node.value], [])
    new = (
        ast.Assign(node.targets, made)
        if isinstance(node, ast.Assign)
        else ast.AnnAssign(node.target, node.annotation, made, node.simple)
    )
    context.edits.replace_statement(node, [new])


def _constructs_layer(context: FileContext, value: ast.expr) -> bool:
    """Whether a value is a new layer, perhaps one of a class that is not known."""
    if isinstance(value, ast.IfExp):
        return any(_constructs_layer(context, part) for part in (value.body, value.orelse))
    return value in context.open_calls or context.kind(value).tag in ("module", "modules")


def _is_data(context: FileContext, value: ast.expr) -> bool:
    kind = context.kind(value)
    return kind.tag in _DATA and not kind.optional


def _becomes_function(context: FileContext, value: ast.expr) -> bool:
    """Whether a layer has no state, and is a function in JAX."""
    if not isinstance(value, ast.Call):
        return False
    name = context.name(value.func)
    is_class = name.startswith("torch.nn.") and name.rpartition(".")[2][:1].isupper()
    return is_class and is_function(context, name)
