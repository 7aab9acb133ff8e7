"""Decorators that JAX does without: gradient modes, marks for compilers, unenforced promises."""

from __future__ import annotations

import ast

from tojax.rules.modules import Rule
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.passes.modes import mode_of

_ABSTRACT = {"abstractmethod", "abc.abstractmethod"}


def decorators(context: FileContext) -> None:
    """Remove the decorators that leave a function or class as it is."""
    functions = context.edits.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    for node in (*functions, *context.edits.nodes(ast.ClassDef)):
        for decorator in node.decorator_list:
            if (
                mode_of(context, decorator)
                or _leaves_as_is(context, decorator)
                or _is_not_enforced(context, node, decorator)
            ):
                _remove(context, node, decorator)


def _leaves_as_is(context: FileContext, decorator: ast.expr) -> bool:
    """Whether the rule of a decorator returns what it is given."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    rule = context.index.functions.get(context.name(called))
    if rule is None or not _returns_its_argument(rule):
        return False
    context.rules[context.name(called)] = None
    return True


def _is_not_enforced(context: FileContext, node: ast.AST, decorator: ast.expr) -> bool:
    """Whether a layer's method is only said to be abstract: its class is no ABC, as nnx's are."""
    owner = context.edits.parents[node]
    if ast.unparse(decorator) not in _ABSTRACT or not isinstance(owner, ast.ClassDef):
        return False
    facts = context.facts.class_of.get(owner)
    if facts is None or not context.program.is_layer(facts):
        return False
    return not any(
        base.node.keywords or any(name.endswith("ABC") for name in base.bases)
        for base in context.program.base_classes(facts)
    )


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
    context.done.update(walk(decorator))
    start, end = context.edits.spans[decorator]
    start = source.rindex("@", 0, start)
    end = source.index("\n", end) + 1
    while source[end : end + 1] in (" ", "\t"):
        end += 1
    context.edits.replace_text(node, start, end, "")
