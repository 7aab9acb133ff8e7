"""Finds the constructs of a block: one walk over its tree, with what inference knows."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from tojax.rules.patterns import ConstructKind, Place
from tojax.source.blocks import Parsed
from tojax.source.constructs import Construct
from tojax.source.facts import Function, ModuleFacts
from tojax.source.inference import Inference
from tojax.source.names import import_origin, is_torch
from tojax.source.usage import Usage

_Within = tuple[Place, ...]


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


class _Walk:
    """One pass over a block."""

    def __init__(self, parsed: Parsed, module: ModuleFacts, inference: Inference) -> None:
        self.found: list[Construct] = []
        self._lines = None if parsed.text.isascii() else parsed.lines
        self._module = module
        self._program = inference.program
        self._usage = Usage(inference)
        self._handlers: dict[type, Callable[..., None]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def statements(self, body: Iterable[ast.AST | None], within: _Within) -> None:
        """Visit nodes in order."""
        handlers = self._handlers
        for node in body:
            handler = handlers.get(node.__class__)
            if handler is not None:
                handler(node, within)
            elif isinstance(node, ast.AST):  # lists also hold names, and None for no default
                self._children(node, within)

    def _visit(self, node: ast.AST | None, within: _Within) -> None:
        if node is not None:
            self.statements((node,), within)

    def _children(self, node: ast.AST, within: _Within) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if value.__class__ is list:
                self.statements(value, within)
            elif isinstance(value, ast.AST):
                self.statements((value,), within)

    def _add(
        self,
        kind: ConstructKind,
        name: str,
        node: ast.expr | ast.stmt | ast.alias,
        within: _Within,
        arguments: tuple[str, ...] = (),
    ) -> None:
        line, end_line = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        column, end_column = node.col_offset, node.end_col_offset or 0
        if self._lines is not None:
            column = len(self._lines[line].encode()[:column].decode(errors="ignore"))
            end_column = len(self._lines[end_line].encode()[:end_column].decode(errors="ignore"))
        place = (line, column, end_line, end_column)
        self.found.append(Construct(kind, name, place, arguments, within))

    # definitions and imports

    def _on_Import(self, node: ast.Import, within: _Within) -> None:
        for alias in node.names:
            if is_torch(alias.name):
                self._add("import", alias.name, alias, within)

    def _on_ImportFrom(self, node: ast.ImportFrom, within: _Within) -> None:
        origin = import_origin(node, "")
        if not node.level and is_torch(origin):
            for alias in node.names:
                name = origin if alias.name == "*" else f"{origin}.{alias.name}"
                self._add("import", name, alias, within)

    def _on_ClassDef(self, node: ast.ClassDef, within: _Within) -> None:
        self.statements(node.decorator_list, within)
        facts = self._module.class_of[node]
        for base in node.bases:
            names = self._program.torch_bases_of(facts, base)
            for name in names[:1]:
                self._add("subclass", name, base, within)
            if not names:
                self._visit(base, within)
        self.statements(node.keywords, within)
        tags: list[Place] = ["class"]
        if self._program.is_layer(facts):
            tags.append("module")
        self.statements(node.body, (*tags, *(tag for tag in within if tag == "no_grad")))

    def _on_FunctionDef(self, node: Function, within: _Within) -> None:
        self.statements(node.decorator_list, within)
        self._visit(node.args, within)
        self._visit(node.returns, within)
        tags: list[Place] = [tag for tag in within if tag != "loop"]
        method = "function" not in tags
        if method:
            tags.append("function")
            if "class" in tags and node.name == "__init__":
                tags.append("init")
            elif "module" in tags and node.name in ("forward", "__call__"):
                tags.append("forward")
        if "no_grad" not in tags and any(map(self._usage.turns_off_gradients, node.decorator_list)):
            tags.append("no_grad")
        self.statements(node.body, tuple(tags))

    _on_AsyncFunctionDef = _on_FunctionDef

    # statements

    def _on_For(self, node: ast.For | ast.AsyncFor, within: _Within) -> None:
        if self._usage.is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        self.statements(node.body, _with_tag(within, "loop"))
        self.statements(node.orelse, within)

    _on_AsyncFor = _on_For

    def _on_While(self, node: ast.While, within: _Within) -> None:
        inner = _with_tag(within, "loop")
        self._test(node.test, inner)
        self.statements(node.body, inner)
        self.statements(node.orelse, within)

    def _on_If(self, node: ast.If, within: _Within) -> None:
        self._test(node.test, within)
        self.statements(node.body, within)
        self.statements(node.orelse, within)

    def _on_Assert(self, node: ast.Assert, within: _Within) -> None:
        self._test(node.test, within)
        self._visit(node.msg, within)

    def _on_With(self, node: ast.With | ast.AsyncWith, within: _Within) -> None:
        self.statements(node.items, within)
        if any(self._usage.turns_off_gradients(item.context_expr) for item in node.items):
            within = _with_tag(within, "no_grad")
        self.statements(node.body, within)

    _on_AsyncWith = _on_With

    def _on_Assign(self, node: ast.Assign, within: _Within) -> None:
        self._visit(node.value, within)
        for target in node.targets:
            self._target(target, within)
            if isinstance(target, ast.Attribute) and self._usage.holds_modules(node.value):
                self._add("module-list", "", node.value, within)

    def _on_AnnAssign(self, node: ast.AnnAssign, within: _Within) -> None:
        self._visit(node.annotation, within)
        self._visit(node.value, within)
        self._target(node.target, within)
        if isinstance(node.target, ast.Attribute) and self._usage.holds_modules(node.value):
            self._add("module-list", "", node.value or node.target, within)

    def _on_AugAssign(self, node: ast.AugAssign, within: _Within) -> None:
        target = node.target
        self._visit(node.value, within)
        if isinstance(target, ast.Subscript):
            if self._usage.is_array(target.value):
                self._add("aug-set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
            return
        if self._usage.is_array(target):
            self._add("aug-assign", "", target, within)
        self._visit(target, within)

    def _target(self, target: ast.expr, within: _Within) -> None:
        """What an assignment stores into."""
        if isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self._target(item, within)
        elif isinstance(target, ast.Subscript):
            if self._usage.is_array(target.value):
                self._add("set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
        else:
            self._visit(target, within)

    # expressions

    def _test(self, node: ast.expr, within: _Within) -> None:
        """The condition of a branch."""
        if self._usage.is_array_truth(node):
            self._add("branch", "", node, within)
        self._visit(node, within)

    def _on_IfExp(self, node: ast.IfExp, within: _Within) -> None:
        self._test(node.test, within)
        self._visit(node.body, within)
        self._visit(node.orelse, within)

    def _on_comprehension(self, node: ast.comprehension, within: _Within) -> None:
        if self._usage.is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        for test in node.ifs:
            self._test(test, within)

    def _on_Subscript(self, node: ast.Subscript, within: _Within) -> None:
        if self._usage.is_mask_index(node):
            self._add("mask-index", "", node, within)
        self._visit(node.value, within)
        self._visit(node.slice, within)

    def _on_Call(self, node: ast.Call, within: _Within) -> None:
        callee = node.func
        name = self._usage.torch_name(callee)
        if name:
            if isinstance(callee, ast.Attribute) and not self._usage.is_of_package(callee.value):
                self._add("method", name, node, within, _arguments(node))
                self._visit(callee.value, within)
            else:
                self._add("call", name, node, within, _arguments(node))
        else:
            if self._usage.appends_module(node):
                self._add("module-list", "", node, within)
            self._visit(callee, within)
        self.statements(node.args, within)
        self.statements(node.keywords, within)

    def _on_Attribute(self, node: ast.Attribute, within: _Within) -> None:
        name = self._usage.torch_name(node)
        if name:
            self._add("attribute", name, node, within)
        if not name or not self._usage.is_of_package(node.value):
            self._visit(node.value, within)

    def _on_Name(self, node: ast.Name, within: _Within) -> None:
        name = self._usage.torch_name(node)
        if name:
            self._add("attribute", name, node, within)


def _with_tag(within: _Within, tag: Place) -> _Within:
    return within if tag in within else (*within, tag)


def _arguments(node: ast.Call) -> tuple[str, ...]:
    """Positions and keywords that a call gives, up to where unpacking hides them."""
    given: list[str] = []
    for position, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            break
        given.append(str(position))
    return (*given, *(keyword.arg for keyword in node.keywords if keyword.arg))
