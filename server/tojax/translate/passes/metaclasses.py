"""Metaclasses of layers: nnx.Module has one of its own, from which they have to derive."""

from __future__ import annotations

import ast

from tojax.source.facts import ClassFacts
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_CALL = ast.Attribute(ast.Call(ast.Name("super", ast.Load()), [], []), "__call__", ast.Load())


def metaclasses(contexts: list[FileContext]) -> None:
    """Let the metaclasses of layers derive from that of ``nnx.Module`` instead of ``type``."""
    home = {context.facts.name: context for context in contexts}
    found = {
        made.key: made
        for context in contexts
        for layer in context.facts.classes.values()
        if layer.node.keywords and context.program.is_layer(layer)
        for made in _metaclasses(context, layer)
    }
    for made in found.values():
        _derive(home[made.module.name], made)


def _metaclasses(context: FileContext, layer: ClassFacts) -> list[ClassFacts]:
    """The metaclass that a class names, and what it derives from, as far as they are the user's."""
    for keyword in layer.node.keywords:
        if keyword.arg == "metaclass" and isinstance(keyword.value, ast.Name):
            member = context.program.member(layer.module, keyword.value.id)
            if isinstance(member, ClassFacts):
                return list(context.program.base_classes(member))
    return []


def _derive(context: FileContext, metaclass: ClassFacts) -> None:
    if not any(_is_type(base) for base in metaclass.node.bases):
        return
    context.imports.add("from flax import nnx")
    layer = ast.Attribute(ast.Name("nnx", ast.Load()), "Module", ast.Load())
    for base in metaclass.node.bases:
        if _is_type(base):
            context.edits.replace(base, ast.Call(ast.Name("type", ast.Load()), [layer], []))
    for node in walk(metaclass.node):
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr="__call__"), args=[_, *given]) if (
                _is_type(base)
            ):
                context.edits.replace(node, ast.Call(_CALL, given, node.keywords))


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "type"
