"""Plain lists and dicts of layers or arrays as attributes, which NNX wants marked as data."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.facts import ClassFacts, statements_in
from tojax.source.kinds import Kind
from tojax.source.trees import children, walk
from tojax.translate.context import FileContext
from tojax.translate.nested_data import DATA as _DATA
from tojax.translate.nested_data import holds_data

_ADDS = {"append", "insert", "extend"}
Display = ast.List | ast.Tuple | ast.ListComp | ast.Dict | ast.DictComp


def containers(context: FileContext) -> None:
    """``self.layers = [self.a, self.b]`` → ``nnx.List([self.a, self.b])``."""
    for facts in context.facts.classes.values():
        if facts.node not in context.edits.spans or not context.program.is_layer(facts):
            continue
        for node in statements_in(facts.node.body):
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name() as base) as target]) | (
                    ast.AnnAssign(target=ast.Attribute(value=ast.Name() as base) as target)
                ) if context.program.class_of(context.kind(base)) is facts:
                    _container(context, facts, target.attr, node)


def _container(
    context: FileContext, facts: ClassFacts, attr: str, node: ast.Assign | ast.AnnAssign
) -> None:
    value = node.value
    if not isinstance(value, Display) and not _is_filled_later(value):
        return
    assert value is not None
    held = list(_held(context, facts, attr, value))
    if isinstance(value, Display) and any(kind.tag in _DATA for kind, _ in held):
        _wrap(context, value)
    elif any(kind.tag in _DATA or holds_data(context, part) for kind, part in held):
        # A list of lists, or of what stands for an array before there is one: any tree of data.
        context.imports.add("from flax import nnx")
        start, end = context.edits.spans[value]
        context.edits.replace_text(node, start, start, "nnx.data(")
        context.edits.replace_text(node, end, end, ")")


def _is_filled_later(value: ast.expr | None) -> bool:
    """``[None] * n`` and ``list()``."""
    match value:
        case ast.BinOp(left=ast.List(), op=ast.Mult()) | ast.BinOp(right=ast.List(), op=ast.Mult()):
            return True
        case ast.Call(func=ast.Name(id="list" | "dict"), args=[]):
            return True
    return False


def _held(
    context: FileContext, facts: ClassFacts, attr: str, value: ast.expr
) -> Iterator[tuple[Kind, ast.expr]]:
    """What a container holds, or is given later by methods of the class, with the kinds."""
    for item in _items(value):
        yield context.kind(item), item
    for node in walk(facts.node):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=added), args=[*_, given]) if (
                added in _ADDS and _is_own(owner, attr)
            ):
                kind = context.kind(given)
                yield kind.element() if added == "extend" else kind, given
            case ast.AugAssign(target=owner, value=given) if _is_own(owner, attr):
                yield context.kind(given).element(), given
            case ast.Assign(targets=[ast.Subscript(value=owner)], value=given) if _is_own(
                owner, attr
            ):
                yield context.kind(given), given


def _items(value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
            return items
        case ast.ListComp(elt=item) | ast.DictComp(value=item):
            return [item]
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return [*_items(left), *_items(right)]
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return [keyword.value for keyword in keywords]
    return []


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
