"""Finds the constructs of a JAX file: what `detect_jax` of a fixed bug speaks of.

Names are those that the imports give. On a receiver of which nothing is known, a method or
attribute may be an array's or a module's, and is found under both names
(``jax.Array.item``, ``flax.nnx.Module.item``); ``x.at[i].add`` is ``jax.Array.at.add``. A decorator
is a call of one argument, and ``functools.partial(f, …)`` a call of ``f``.
"""

from __future__ import annotations

import ast

from tojax.source.construct_walk import ConstructWalk, Within, arguments_of
from tojax.source.constructs import Construct
from tojax.source.facts import Function, ModuleFacts, module_facts
from tojax.source.jax_usage import JaxUsage
from tojax.source.names import import_origin

_ARRAY, _MODULE = "jax.Array", "flax.nnx.Module"


def draft_constructs(code: str) -> list[Construct]:
    """The constructs of a JAX file in order of position.

    Raises:
        SyntaxError: it does not parse.
    """
    tree = ast.parse(code)
    walk = _Walk(module_facts(code, tree))
    walk.statements(tree.body, ())
    return sorted(walk.found, key=lambda construct: construct.place)


class _Walk(ConstructWalk):
    """One pass over a file."""

    def __init__(self, module: ModuleFacts) -> None:
        source = module.text.source
        self._usage = JaxUsage(module)
        super().__init__(None if source.isascii() else source.split("\n"), self._usage)

    def _base_name(self, node: ast.ClassDef, base: ast.expr) -> str:
        return self._usage.qualified(base)

    def _is_layer(self, node: ast.ClassDef) -> bool:
        return self._usage.is_layer(node)

    def _on_Import(self, node: ast.Import, within: Within) -> None:
        for alias in node.names:
            self._add("import", alias.name, alias, within)

    def _on_ImportFrom(self, node: ast.ImportFrom, within: Within) -> None:
        origin = import_origin(node, "")
        for alias in node.names:
            name = origin if alias.name == "*" else f"{origin}.{alias.name}"
            self._add("import", name, alias, within)

    def _on_FunctionDef(self, node: Function, within: Within) -> None:
        for decorator in node.decorator_list:
            name = self._usage.qualified(decorator)
            if name:
                self._add("call", name, decorator, within, ("0",))
        super()._on_FunctionDef(node, within)

    _on_AsyncFunctionDef = _on_FunctionDef

    def _on_Call(self, node: ast.Call, within: Within) -> None:
        callee, given = node.func, arguments_of(node)
        name = self._usage.qualified(callee)
        if name == "functools.partial" and node.args:
            name, given = self._usage.qualified(node.args[0]), ("0", *given[1:])
        if name:
            self._add("call", name, node, within, given)
        elif isinstance(callee, ast.Attribute):
            for name in self._member_names(callee):
                self._add("method", name, node, within, given)
            self._visit(callee.value, within)
        else:
            self._visit(callee, within)
        if self._usage.appends_module(node):
            self._add("module-list", "", node, within)
        self.statements(node.args, within)
        self.statements(node.keywords, within)

    def _on_Attribute(self, node: ast.Attribute, within: Within) -> None:
        name = self._usage.qualified(node)
        if name:
            self._add("attribute", name, node, within)
            return
        for name in self._member_names(node):
            self._add("attribute", name, node, within)
        self._visit(node.value, within)

    def _on_Name(self, node: ast.Name, within: Within) -> None:
        name = self._usage.qualified(node)
        if name:
            self._add("attribute", name, node, within)

    def _member_names(self, node: ast.Attribute) -> list[str]:
        """What ``receiver.name`` may be called."""
        match node.value:
            case ast.Subscript(value=ast.Attribute(attr="at")):
                return [f"{_ARRAY}.at.{node.attr}"]
            case ast.Name(id="self" | "cls"):
                return [f"{_MODULE}.{node.attr}"]
        owner = self._usage.instance_of(node.value)
        if owner.startswith("flax."):
            return [f"{owner}.{node.attr}", f"{_MODULE}.{node.attr}"]
        if owner:
            return [f"{owner}.{node.attr}"]
        if self._usage.is_array(node.value):
            return [f"{_ARRAY}.{node.attr}"]
        return [f"{_ARRAY}.{node.attr}", f"{_MODULE}.{node.attr}"]
