"""Decorators that JAX does without: gradient modes, and marks for PyTorch's compilers."""

from __future__ import annotations

import ast

from tojax.rules.modules import Rule
from tojax.translate.context import FileContext
from tojax.translate.passes.modes import mode_of


def decorators(context: FileContext) -> None:
    """Remove the decorators that leave a function or class as it is."""
    for node in list(context.edits.parents):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                if mode_of(context, decorator) or _leaves_as_is(context, decorator):
                    _remove(context, node, decorator)


def _leaves_as_is(context: FileContext, decorator: ast.expr) -> bool:
    """Whether the rule of a decorator returns what it is given."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    rule = context.index.functions.get(context.name(called))
    if rule is None or not _returns_its_argument(rule):
        return False
    context.rules[context.name(called)] = None
    return True


def _returns_its_argument(rule: Rule) -> bool:
    if not isinstance(rule.node, ast.FunctionDef) or not rule.node.args.args:
        return False
    match rule.node.body[-1]:
        case ast.Return(value=ast.Name(id=name)):
            return len(rule.node.body) <= 2 and name == rule.node.args.args[0].arg
    return False


def _remove(
    context: FileContext,
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
    decorator: ast.expr,
) -> None:
    source = context.edits.text.source
    context.done.update(ast.walk(decorator))
    start, end = context.edits.spans[decorator]
    start = source.rindex("@", 0, start)
    end = source.index("\n", end) + 1
    while source[end : end + 1] in (" ", "\t"):
        end += 1
    context.edits.replace_text(node, start, end, "")
