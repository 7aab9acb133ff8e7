"""Finds the constructs of a block of PyTorch code, with what inference knows."""

from __future__ import annotations

import ast

from tojax.source.blocks import Parsed
from tojax.source.construct_walk import ConstructWalk, Within, arguments_of
from tojax.source.constructs import Construct
from tojax.source.facts import ModuleFacts
from tojax.source.inference import Inference
from tojax.source.names import import_origin, is_torch
from tojax.source.usage import Usage


def block_constructs(parsed: Parsed, module: ModuleFacts, inference: Inference) -> list[Construct]:
    """The constructs of one block in order of position, lines counted from the block's first.

    Args:
        parsed: the block.
        module: the file that the block is in.
        inference: kinds and names of the file's expressions.
    """
    walk = _Walk(parsed, module, inference)
    walk.statements(parsed.tree.body, ())
    walk.found.sort(key=_start)
    return walk.found


def _start(construct: Construct) -> tuple[int, int]:
    return construct.place[:2]


class _Walk(ConstructWalk):
    """One pass over a block."""

    def __init__(self, parsed: Parsed, module: ModuleFacts, inference: Inference) -> None:
        self._usage = Usage(inference)
        super().__init__(None if parsed.text.isascii() else parsed.lines, self._usage)
        self._module = module
        self._program = inference.program

    def _base_name(self, node: ast.ClassDef, base: ast.expr) -> str:
        names = self._program.torch_bases_of(self._module.class_of[node], base)
        return names[0] if names else ""

    def _is_layer(self, node: ast.ClassDef) -> bool:
        return self._program.is_layer(self._module.class_of[node])

    def _on_Import(self, node: ast.Import, within: Within) -> None:
        for alias in node.names:
            if is_torch(alias.name):
                self._add("import", alias.name, alias, within)

    def _on_ImportFrom(self, node: ast.ImportFrom, within: Within) -> None:
        origin = import_origin(node, "")
        if not node.level and is_torch(origin):
            for alias in node.names:
                name = origin if alias.name == "*" else f"{origin}.{alias.name}"
                self._add("import", name, alias, within)

    def _on_Call(self, node: ast.Call, within: Within) -> None:
        callee = node.func
        name = self._usage.torch_name(callee)
        if name:
            if isinstance(callee, ast.Attribute) and not self._usage.is_of_package(callee.value):
                self._add("method", name, node, within, arguments_of(node))
                self._visit(callee.value, within)
            else:
                self._add("call", name, node, within, arguments_of(node))
        else:
            if self._usage.appends_module(node):
                self._add("module-list", "", node, within)
            self._visit(callee, within)
        self.statements(node.args, within)
        self.statements(node.keywords, within)

    def _on_Attribute(self, node: ast.Attribute, within: Within) -> None:
        name = self._usage.torch_name(node)
        if name:
            self._add("attribute", name, node, within)
        if not name or not self._usage.is_of_package(node.value):
            self._visit(node.value, within)

    def _on_Name(self, node: ast.Name, within: Within) -> None:
        name = self._usage.torch_name(node)
        if name:
            self._add("attribute", name, node, within)
