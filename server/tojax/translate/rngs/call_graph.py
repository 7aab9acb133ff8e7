"""Who calls whom in a program, and who hands a function on as a value."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from tojax.source.facts import ClassFacts, Function, parameters
from tojax.source.kinds import Kind
from tojax.translate.context import FileContext
from tojax.translate.rngs.units import Unit, is_bound_to_no_object, unit_of


@dataclass
class Call:
    """A call, or a function handed on; ``targets`` are what may run.

    ``is_open``: it may also construct a layer that is not known here.
    """

    context: FileContext
    node: ast.expr
    caller: Unit
    function: Function | None
    targets: Sequence[Unit]
    is_open: bool = False


def calls_of(contexts: list[FileContext]) -> list[Call]:
    """All calls of the user's functions and classes, then the functions that are handed on."""
    called = [call for context in contexts for call in _called(context)]
    return called + [use for context in contexts for use in _handed_on(context)]


def _called(context: FileContext) -> list[Call]:
    found = []
    for node in context.edits.nodes(ast.Call):
        if node not in context.inference.callees:
            continue
        targets = context.inference.callees[node]
        caller, function = unit_of(context, node)
        through = _is_parameter(context, node)
        known = [t for t in targets if isinstance(t, ClassFacts) or not through]
        found.append(Call(context, node, caller, function, known))
    return found


def _handed_on(context: FileContext) -> list[Call]:
    """Functions handed on as values, such as ``self.apply(init_weights)``."""
    found = []
    for node in context.edits.spans:
        kind = context.kind(node)
        if kind.tag not in ("user", "method"):
            continue
        parent = context.edits.parents[node]
        if isinstance(parent, ast.Attribute | ast.ImportFrom) or not isinstance(node, ast.expr):
            continue
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            continue
        if isinstance(parent, ast.Call) and parent.func is node:
            continue
        function = _function_behind(context, kind)
        if function is not None:
            caller, inside = unit_of(context, node)
            found.append(Call(context, node, caller, inside, [function]))
    return found


def _is_parameter(context: FileContext, node: ast.expr) -> bool:
    """Whether a call is one of its function's parameters: what is handed on has its keys bound."""
    function = context.enclosing_function(node)
    if function is None or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return any(parameter.arg == node.func.id for parameter in parameters(function.args))


def _function_behind(context: FileContext, kind: Kind) -> Function | None:
    """The function or static method that a value is; other methods draw from their object."""
    if kind.tag == "method":
        key, _, name = kind.name.rpartition(".")
        facts = context.program.class_by_key(key)
        found = context.program.method(facts, name) if facts is not None else None
        return found[1] if found is not None and is_bound_to_no_object(found[1]) else None
    home, _, name = kind.name.partition(":")
    module = context.program.modules.get(home)
    return module.functions.get(name) if module is not None else None
