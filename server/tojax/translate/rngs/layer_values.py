"""What holds or makes layer classes: kinds, constructors, and the nodes that hand values on."""

from __future__ import annotations

import ast
import re

from tojax.source.facts import ClassFacts, Function
from tojax.source.kinds import Kind
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_TORCH_LAYER = re.compile(r"torch\.nn\.[A-Z]\w*")


def is_layer_type(context: FileContext, kind: Kind) -> bool:
    """Whether a kind is that of a layer class, PyTorch's or the user's, or of one of several."""
    if kind.tag == "torch" and kind.name:
        return _TORCH_LAYER.fullmatch(kind.name) is not None and kind.name in context.index
    if kind.tag == "class":
        options = (kind,) if kind.name else kind.items
        found = [facts for o in options if (facts := context.program.class_of(o)) is not None]
        return any(map(context.program.is_layer, found)) or (
            not kind.name and any(is_layer_type(context, o) for o in options)
        )
    return False


def inner_functions(function: Function) -> list[Function]:
    return [
        part
        for part in walk(function)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part is not function
    ]


def constructor_of(context: FileContext, target: ClassFacts | Function) -> Function | None:
    """The function that a call of ``target`` hands its arguments to."""
    if not isinstance(target, ClassFacts):
        return target
    found = context.program.method(target, "__init__")
    return found[1] if found is not None else None


def constructs(value: ast.expr) -> bool:
    """Whether a value is the result of a call, perhaps one of two."""
    if isinstance(value, ast.IfExp):
        return constructs(value.body) or constructs(value.orelse)
    return isinstance(value, ast.Call)


def carriers(context: FileContext) -> list[ast.AST]:
    """The nodes that hand a value on."""
    return context.edits.nodes(
        ast.Assign, ast.AnnAssign, ast.Return, ast.For, ast.comprehension, ast.Call,
        ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    )  # fmt: skip


def qualified_name(context: FileContext, node: ast.expr) -> str:
    return context.facts.qualified(node) or ""
