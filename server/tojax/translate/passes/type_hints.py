"""Type annotations: what has no class in JAX is named by what can be done with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tojax.source.trees import children, walk
from tojax.translate.context import FileContext
from tojax.translate.layer_classes import class_of

_LOADER = "torch.utils.data.DataLoader"


def type_hints(context: FileContext) -> None:
    """Rewrite annotations that no rule translates as they should read, and those in quotes."""
    for annotation in _annotations(context):
        for node in walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                _quoted(context, node, node.value)
            elif isinstance(node, ast.Name | ast.Attribute) and node not in context.done:
                made = _type(context, context.name(node))
                if made is not None:
                    context.done.update(walk(node))
                    context.edits.replace(node, made)


def _annotations(context: FileContext) -> Iterator[ast.expr]:
    for node in context.edits.nodes(ast.arg, ast.AnnAssign, ast.FunctionDef):
        match node:
            case ast.arg(annotation=ast.expr() as annotation):
                yield annotation
            case ast.AnnAssign(annotation=annotation):
                yield annotation
            case ast.FunctionDef(returns=ast.expr() as annotation):
                yield annotation


def _type(context: FileContext, name: str) -> ast.expr | None:
    """The type for a layer or a data loader; None for everything else."""
    if name == _LOADER:
        return _abstract(context, "Iterable")
    if not name.startswith("torch.nn.") or context.index.value(name) is not None:
        return None
    found = class_of(context, name)
    if found is not None:
        return found.refer(context)
    return _abstract(context, "Callable") if name in context.index.functions else None


def _abstract(context: FileContext, name: str) -> ast.expr:
    """A type of `collections.abc`, by the name under which the file has it already."""
    present = (f"collections.abc.{name}", f"typing.{name}")
    local = next((own for own, origin in context.facts.imports.items() if origin in present), None)
    if local is None:
        context.imports.add(f"from collections.abc import {name}")
    return ast.Name(local or name, ast.Load())


def _quoted(context: FileContext, node: ast.Constant, text: str) -> None:
    """``"torch.Tensor"`` → ``"jax.Array"``."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return
    made = text
    for part in sorted(_types(tree), key=lambda part: part.col_offset, reverse=True):
        replacement = _in_quotes(context, part)
        if replacement is not None and part.end_col_offset is not None and "\n" not in text:
            made = made[: part.col_offset] + replacement + made[part.end_col_offset :]
    if made != text:
        context.edits.replace(node, ast.Constant(made))


def _types(tree: ast.expr) -> Iterator[ast.expr]:
    """The names and dotted names of an annotation, the longest ones only."""
    queue: list[ast.AST] = [tree]
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            yield node
        else:
            queue += children(node)


def _in_quotes(context: FileContext, node: ast.expr) -> str | None:
    name = context.facts.qualified(node) or ""
    value = context.index.value(name)
    if value is None:
        return None
    expression, module = value
    root = next(part.id for part in walk(expression) if isinstance(part, ast.Name))
    if root in module.imports:
        context.imports.add(module.imports[root])
    context.rules[name] = None
    return ast.unparse(expression)
