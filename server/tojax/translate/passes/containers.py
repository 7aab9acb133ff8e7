"""Plain lists and dicts of layers or arrays as attributes, which NNX wants marked as data."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, statements_in
from tojax.source.kinds import Kind
from tojax.source.trees import children, walk
from tojax.translate.context import FileContext

_DATA = {"module", "modules", "array", "parameter", "buffer"}
_ADDS = {"append", "insert", "extend"}
Display = ast.List | ast.Tuple | ast.ListComp | ast.Dict | ast.DictComp


def containers(context: FileContext) -> None:
    """``self.layers = [self.a, self.b]`` → ``nnx.List([self.a, self.b])``."""
    for facts in context.facts.classes.values():
        if facts.node not in context.edits.spans or not context.program.is_layer(facts):
            continue
        for node in statements_in(facts.node.body):
            match node:
                case ast.Assign(
                    targets=[ast.Attribute(value=ast.Name() as base, attr=attr)], value=value
                ) if isinstance(value, Display) and (
                    context.program.class_of(context.kind(base)) is facts
                ):
                    if any(kind.tag in _DATA for kind in _held(context, facts, attr, value)):
                        _wrap(context, value)


def _held(context: FileContext, facts: ClassFacts, attr: str, value: ast.expr) -> Iterator[Kind]:
    """Kinds of what a display holds, or is given later by methods of the class."""
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
            yield from map(context.kind, items)
        case ast.ListComp(elt=item) | ast.DictComp(value=item):
            yield context.kind(item)
    for node in walk(facts.node):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=added), args=[*_, given]) if (
                added in _ADDS and _is_own(owner, attr)
            ):
                kind = context.kind(given)
                yield kind.element() if added == "extend" else kind
            case ast.Assign(targets=[ast.Subscript(value=owner)], value=given) if _is_own(
                owner, attr
            ):
                yield context.kind(given)


def _is_own(node: ast.expr, attr: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == attr


def _wrap(context: FileContext, value: ast.expr) -> None:
    context.imports.add("from flax import nnx")
    name = "Dict" if isinstance(value, ast.Dict | ast.DictComp) else "List"
    start, end = context.edits.spans[value]
    statement = context.edits.parents[value]
    if not any(isinstance(part, ast.expr) for part in children(value)):
        made = ast.Attribute(ast.Name("nnx", ast.Load()), name, ast.Load())
        context.edits.replace(value, ast.Call(made, [], []))
        return
    context.edits.replace_text(statement, start, start, f"nnx.{name}(")
    context.edits.replace_text(statement, end, end, ")")
    for item in getattr(value, "elts", []) + getattr(value, "values", []):
        if context.kind(item).tag in ("parameter", "buffer"):
            context.done.add(item)  # the variable itself
