"""The walk that finds constructs: statements, the places that they make, and what is stored where.

What names mean is left to those who know the framework: `construct_finder` for PyTorch,
`draft_constructs` for JAX.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Protocol

from tojax.rules.patterns import ConstructKind, Place
from tojax.source.constructs import Construct
from tojax.source.facts import Function

Within = tuple[Place, ...]


class ArrayUsage(Protocol):
    """Answers what an expression is."""

    def is_array(self, node: ast.expr | None) -> bool:
        """Whether it is an array."""

    def is_array_truth(self, node: ast.expr) -> bool:
        """Whether its truth is that of an array."""

    def is_mask_index(self, node: ast.Subscript) -> bool:
        """Whether it reads the elements of an array where another one is true."""

    def holds_modules(self, value: ast.expr | None) -> bool:
        """Whether it is a plain Python list, tuple or dict of layers."""

    def appends_module(self, node: ast.Call) -> bool:
        """Whether it appends a layer to a list that is an attribute."""

    def turns_off_gradients(self, node: ast.expr) -> bool:
        """Whether it is a decorator or context manager under which no gradients flow."""


class ConstructWalk:
    """One pass over a tree; ``found`` collects its constructs.

    Args:
        lines: the lines of the text, or None if it is ASCII.
        usage: what expressions are.
    """

    def __init__(self, lines: list[str] | None, usage: ArrayUsage) -> None:
        self.found: list[Construct] = []
        self._lines = lines
        self._arrays = usage
        self._handlers: dict[type, Callable[..., None]] = {
            getattr(ast, name.removeprefix("_on_")): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def statements(self, body: Iterable[ast.AST | None], within: Within) -> None:
        """Visit nodes in order."""
        handlers = self._handlers
        for node in body:
            handler = handlers.get(node.__class__)
            if handler is not None:
                handler(node, within)
            elif isinstance(node, ast.AST):  # lists also hold names, and None for no default
                self._children(node, within)

    def _visit(self, node: ast.AST | None, within: Within) -> None:
        if node is not None:
            self.statements((node,), within)

    def _children(self, node: ast.AST, within: Within) -> None:
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
        within: Within,
        arguments: tuple[str, ...] = (),
    ) -> None:
        line, end_line = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        column, end_column = node.col_offset, node.end_col_offset or 0
        if self._lines is not None:
            column = len(self._lines[line].encode()[:column].decode(errors="ignore"))
            end_column = len(self._lines[end_line].encode()[:end_column].decode(errors="ignore"))
        place = (line, column, end_line, end_column)
        self.found.append(Construct(kind, name, place, arguments, within))

    # definitions

    def _base_name(self, node: ast.ClassDef, base: ast.expr) -> str:
        """The qualified name of a base class, if it is the framework's."""
        raise NotImplementedError

    def _is_layer(self, node: ast.ClassDef) -> bool:
        """Whether a class is a layer of the framework's."""
        raise NotImplementedError

    def _on_ClassDef(self, node: ast.ClassDef, within: Within) -> None:
        self.statements(node.decorator_list, within)
        for base in node.bases:
            name = self._base_name(node, base)
            if name:
                self._add("subclass", name, base, within)
            else:
                self._visit(base, within)
        self.statements(node.keywords, within)
        tags: list[Place] = ["class"]
        if self._is_layer(node):
            tags.append("module")
        self.statements(node.body, (*tags, *(tag for tag in within if tag == "no_grad")))

    def _on_FunctionDef(self, node: Function, within: Within) -> None:
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
        if "no_grad" not in tags and any(
            map(self._arrays.turns_off_gradients, node.decorator_list)
        ):
            tags.append("no_grad")
        self.statements(node.body, tuple(tags))

    _on_AsyncFunctionDef = _on_FunctionDef

    # statements

    def _on_For(self, node: ast.For | ast.AsyncFor, within: Within) -> None:
        if self._arrays.is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        self.statements(node.body, _with_tag(within, "loop"))
        self.statements(node.orelse, within)

    _on_AsyncFor = _on_For

    def _on_While(self, node: ast.While, within: Within) -> None:
        inner = _with_tag(within, "loop")
        self._test(node.test, inner)
        self.statements(node.body, inner)
        self.statements(node.orelse, within)

    def _on_If(self, node: ast.If, within: Within) -> None:
        self._test(node.test, within)
        self.statements(node.body, within)
        self.statements(node.orelse, within)

    def _on_Assert(self, node: ast.Assert, within: Within) -> None:
        self._test(node.test, within)
        self._visit(node.msg, within)

    def _on_With(self, node: ast.With | ast.AsyncWith, within: Within) -> None:
        self.statements(node.items, within)
        if any(self._arrays.turns_off_gradients(item.context_expr) for item in node.items):
            within = _with_tag(within, "no_grad")
        self.statements(node.body, within)

    _on_AsyncWith = _on_With

    def _on_Assign(self, node: ast.Assign, within: Within) -> None:
        self._visit(node.value, within)
        for target in node.targets:
            self._target(target, within)
            if isinstance(target, ast.Attribute) and self._arrays.holds_modules(node.value):
                self._add("module-list", "", node.value, within)

    def _on_AnnAssign(self, node: ast.AnnAssign, within: Within) -> None:
        self._visit(node.annotation, within)
        self._visit(node.value, within)
        self._target(node.target, within)
        if isinstance(node.target, ast.Attribute) and self._arrays.holds_modules(node.value):
            self._add("module-list", "", node.value or node.target, within)

    def _on_AugAssign(self, node: ast.AugAssign, within: Within) -> None:
        target = node.target
        self._visit(node.value, within)
        if isinstance(target, ast.Subscript):
            if self._arrays.is_array(target.value):
                self._add("aug-set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
            return
        if self._arrays.is_array(target):
            self._add("aug-assign", "", target, within)
        self._visit(target, within)

    def _target(self, target: ast.expr, within: Within) -> None:
        """What an assignment stores into."""
        if isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self._target(item, within)
        elif isinstance(target, ast.Subscript):
            if self._arrays.is_array(target.value):
                self._add("set-item", "", target, within)
            self._visit(target.value, within)
            self._visit(target.slice, within)
        else:
            self._visit(target, within)

    # expressions

    def _test(self, node: ast.expr, within: Within) -> None:
        """The condition of a branch."""
        if self._arrays.is_array_truth(node):
            self._add("branch", "", node, within)
        self._visit(node, within)

    def _on_IfExp(self, node: ast.IfExp, within: Within) -> None:
        self._test(node.test, within)
        self._visit(node.body, within)
        self._visit(node.orelse, within)

    def _on_comprehension(self, node: ast.comprehension, within: Within) -> None:
        if self._arrays.is_array(node.iter):
            self._add("iterate", "", node.iter, within)
        self._visit(node.iter, within)
        self._visit(node.target, within)
        for test in node.ifs:
            self._test(test, within)

    def _on_Subscript(self, node: ast.Subscript, within: Within) -> None:
        if self._arrays.is_mask_index(node):
            self._add("mask-index", "", node, within)
        self._visit(node.value, within)
        self._visit(node.slice, within)


def _with_tag(within: Within, tag: Place) -> Within:
    return within if tag in within else (*within, tag)


def arguments_of(node: ast.Call) -> tuple[str, ...]:
    """Positions and keywords that a call gives, up to where unpacking hides them."""
    given: list[str] = []
    for position, argument in enumerate(node.args):
        if isinstance(argument, ast.Starred):
            break
        given.append(str(position))
    return (*given, *(keyword.arg for keyword in node.keywords if keyword.arg))
