"""Walks over the parts of a module: those that do more than look for layers of some class."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tojax.source.trees import walk
from tojax.translate.context import FileContext

_WALKS = {"children", "named_children", "modules", "named_modules"}
_ORDERS = {"enumerate", "reversed", "list", "tuple", "iter"}
_QUESTIONS = {"isinstance", "issubclass", "hasattr", "getattr", "type", "len", "id", "print", "str"}
_STORES = {"append", "extend", "insert", "add", "add_module", "register_module", "setattr"}


def collects_parts(context: FileContext) -> bool:
    """Whether a file calls or keeps whatever modules it finds inside another.

    ``for m in net.modules(): if isinstance(m, nn.Linear): ...`` does not: it passes by the others.
    """
    return any(_collects(context, walk) for walk in _walks(context))


def _walks(context: FileContext) -> Iterator[ast.expr]:
    for node in context.edits.nodes(ast.Call):
        match node:
            case ast.Call(func=ast.Attribute(value=walked, attr=attr), args=[]) if attr in _WALKS:
                if context.kind(walked).tag in ("module", "modules", "unknown"):
                    yield node
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="_modules"))):
                yield node


def _collects(context: FileContext, walk: ast.expr) -> bool:
    parents = context.edits.parents
    node: ast.AST = walk
    parent = parents[node]
    while isinstance(parent, ast.Call) and _called(parent) in _ORDERS:
        node, parent = parent, parents[parent]
    match parent:
        case ast.For(target=target, body=body):
            return any(_keeps(context, use) for use in _uses(target, body))
        case ast.comprehension(target=target, ifs=tests):
            uses = list(_uses(target, [parents[parent]]))
            is_chosen = any(_asks(test, use) for test in tests for use in uses)
            return not is_chosen and any(_keeps(context, use) for use in uses)
        case ast.Call():
            return _called(parent) not in _QUESTIONS
    return not isinstance(parent, ast.Expr)


def _uses(target: ast.expr, within: Iterable[ast.AST]) -> Iterator[ast.Name]:
    """Where the module that a loop is at is read: the last name of its target."""
    while isinstance(target, ast.Tuple):
        target = target.elts[-1]
    if isinstance(target, ast.Name):
        for part in within:
            for node in walk(part):
                if isinstance(node, ast.Name) and node.id == target.id:
                    if isinstance(node.ctx, ast.Load):
                        yield node


def _keeps(context: FileContext, use: ast.Name) -> bool:
    """Whether a module is called, stored or handed back here, and not only asked something."""
    parents = context.edits.parents
    parent = parents[use]
    if _is_guarded(context, use):
        return False
    match parent:
        case ast.Attribute(attr=attr):
            return attr == "forward"
        case ast.Call(func=func) if func is not use:
            is_statement = isinstance(parents[parent], ast.Expr)
            return _called(parent) in _STORES or not (is_statement or _called(parent) in _QUESTIONS)
        case ast.Compare() | ast.FormattedValue():
            return False
    return True


def _is_guarded(context: FileContext, use: ast.Name) -> bool:
    """Whether a test for the class of the module decides that this place is reached."""
    parents = context.edits.parents
    node: ast.AST = use
    while node is not context.facts.tree:
        node, below = parents[node], node
        if isinstance(node, ast.If) and below in node.body and _asks(node.test, use):
            return True
    return False


def _asks(test: ast.expr, use: ast.Name) -> bool:
    return any(
        isinstance(part, ast.Call)
        and _called(part) in ("isinstance", "type")
        and any(isinstance(given, ast.Name) and given.id == use.id for given in part.args)
        for part in walk(test)
    )


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
