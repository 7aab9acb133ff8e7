"""Tests that translation decided: ``if torch.jit.is_scripting():`` never holds in JAX."""

from __future__ import annotations

import ast

from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.edits import Moved


def known_tests(context: FileContext) -> None:
    """Drop the branches that cannot be taken, and the parts of tests that say nothing."""
    decided = [
        node
        for node, made in context.edits.expressions.items()
        if isinstance(made, ast.Constant) and isinstance(made.value, bool)
    ]
    for test in dict.fromkeys(_whole_test(context, node) for node in decided):
        parent = context.edits.parents[test]
        outcome = _simplified(context, test)
        if not isinstance(parent, ast.If | ast.IfExp) or parent.test is not test:
            if isinstance(outcome, bool):
                context.edits.replace(test, ast.Constant(outcome))
            continue
        if not isinstance(outcome, bool):
            if outcome is not test:
                context.edits.replace(test, outcome)
        elif isinstance(parent, ast.IfExp):
            _forget(context, parent.orelse if outcome else parent.body)
            context.edits.replace(parent, parent.body if outcome else parent.orelse)
        else:
            _choose(context, parent, outcome)


def _whole_test(context: FileContext, node: ast.AST) -> ast.expr:
    """The largest ``not``, ``and`` and ``or`` expression that a node is part of."""
    parent = context.edits.parents[node]
    while isinstance(parent, ast.BoolOp | ast.UnaryOp):
        node, parent = parent, context.edits.parents[parent]
    assert isinstance(node, ast.expr)
    return node


def _simplified(context: FileContext, node: ast.expr) -> ast.expr | bool:
    """What is left of a test: its outcome, or the parts that decide it."""
    made = context.edits.expressions.get(node)
    if isinstance(made, ast.Constant) and isinstance(made.value, bool):
        return made.value
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _simplified(context, operand)
            if isinstance(inner, bool):
                return not inner
            return node if inner is operand else ast.UnaryOp(ast.Not(), inner)
        case ast.BoolOp(op=operator, values=values):
            ends = isinstance(operator, ast.Or)
            left: list[ast.expr] = []
            for value in values:
                part = _simplified(context, value)
                if not isinstance(part, bool):
                    left.append(part)
                elif part is ends:
                    return ends if not left else node
            if len(left) == len(values) and all(a is b for a, b in zip(left, values, strict=True)):
                return node
            return (
                not ends if not left else left[0] if len(left) == 1 else ast.BoolOp(operator, left)
            )
    return node


def _choose(context: FileContext, node: ast.If, outcome: bool) -> None:
    """Keep one branch; an ``elif`` that ends a chain reads well enough as it is."""
    edits = context.edits
    taken, dropped = (node.body, node.orelse) if outcome else (node.orelse, node.body)
    is_elif = edits.source(node).startswith("elif")
    goes_on = bool(taken) and not outcome and edits.source(taken[0]).startswith("elif")
    if is_elif and not goes_on:
        return
    for statement in dropped:
        _forget(context, statement)
    if goes_on:
        end = edits.spans[taken[0]][0] + len("elif")
        edits.replace_text(node, edits.spans[node][0], end, "elif" if is_elif else "if")
    else:
        edits.replace_statement(node, [Moved(taken, in_place=True)] if taken else [])


def _forget(context: FileContext, dropped: ast.AST) -> None:
    """Nothing in a dropped branch is unresolved any more."""
    for node in walk(dropped):
        context.unresolved.pop(node, None)
        context.kept.discard(node)
        if isinstance(node, ast.stmt):
            context.edits.notes.pop(node, None)
