"""The classes that PyTorch's layers have in the output, read off what their rules return."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Rule
from tojax.source.trees import walk
from tojax.translate.context import FileContext


@dataclass(frozen=True)
class LayerClass:
    """A class by name: Flax's (``nnx.Linear``, without ``home``) or one of a rule module."""

    name: str
    home: str = ""

    def refer(self, context: FileContext) -> ast.expr:
        """A reference to the class, with what it needs in the output."""
        if self.home:
            return context.helper(self.home, self.name)
        context.imports.add("from flax import nnx")
        return ast.parse(self.name, mode="eval").body


def class_of(context: FileContext, name: str) -> LayerClass | None:
    """The one class that a layer of PyTorch's has in the output, if it has one."""
    layer, function = context.layer(name), context.index.functions.get(name)
    if layer is not None and (name in context.touched or function is None):
        return LayerClass(layer.node.name, layer.home)
    if function is None:
        return None
    found = {_constructed(context.index, function, value) for value in _returned(function)}
    return found.pop() if len(found) == 1 else None


def is_function(context: FileContext, name: str) -> bool:
    """Whether a layer of PyTorch's is no object but a function in the output."""
    function = context.index.functions.get(name)
    if function is None or (context.layer(name) is not None and name in context.touched):
        return False
    values = _returned(function)
    return not any(_constructed(context.index, function, value) for value in values)


def function_of(index: RuleIndex, name: str) -> ast.expr | None:
    """The one function of JAX's that a layer of PyTorch's always becomes: ``jax.nn.relu``."""
    rule = index.functions.get(name)
    values = _returned(rule) if rule is not None else []
    match values:
        case [ast.Attribute(value=ast.Attribute(value=ast.Name(id="jax"))) as function]:
            return function
    return None


@functools.cache
def _returned(rule: Rule) -> list[ast.expr]:
    return [
        part.value
        for part in walk(rule.node)
        if isinstance(part, ast.Return) and part.value is not None
    ]


def _constructed(index: RuleIndex, rule: Rule, value: ast.expr) -> LayerClass | None:
    """The class whose constructor an expression of a rule calls."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="nnx")) as called):
            return LayerClass(ast.unparse(called))
        case ast.Call(func=ast.Name(id=called)):
            found = index.definition(rule.module, called)
            if found is not None and isinstance(found[1], ast.ClassDef):
                return LayerClass(found[1].name, found[0].name)
    return None
