"""Variables that may be None, in expressions that ask for it: ``None if b is None else b[...]``."""

from __future__ import annotations

import ast
from typing import Any

from tojax.source.trees import walk
from tojax.translate.context import FileContext


def read_where_present(context: FileContext, expression: ast.expr) -> None:
    """Let ``y if b is None else y + b`` read the value only where there is one."""
    for part in list(walk(expression)):
        match part:
            case ast.IfExp(
                test=ast.Compare(
                    left=ast.Name() | ast.Attribute() as variable,
                    ops=[ast.Is() | ast.IsNot() as operator],
                    comparators=[ast.Constant(value=None) as none],
                )
            ) if part not in context.edits.spans and _may_be_absent(context, variable):
                part.test = ast.Compare(_itself(variable), [operator], [none])
                reading = _Reading(context, variable)
                if isinstance(operator, ast.Is):
                    part.orelse = reading.visit(part.orelse)
                else:
                    part.body = reading.visit(part.body)


def _may_be_absent(context: FileContext, node: ast.expr) -> bool:
    kind = context.kind(node)
    return kind.optional and kind.tag in ("parameter", "buffer")


def _itself(node: ast.Name | ast.Attribute) -> ast.expr:
    """The variable, which no pass reads: a made node."""
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Load())
    return ast.Attribute(node.value, node.attr, ast.Load())


class _Reading(ast.NodeTransformer):
    """Puts the value of a variable in its place; original nodes stay as they are."""

    def __init__(self, context: FileContext, variable: ast.Name | ast.Attribute) -> None:
        self._context = context
        self._variable = variable

    def visit(self, node: ast.AST) -> Any:
        if node is self._variable:
            return ast.Subscript(_itself(self._variable), ast.Constant(...), ast.Load())
        if node in self._context.edits.spans:
            return node
        return self.generic_visit(node)
