"""Which names are certainly local to a function, where each part of a draft stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

Names = frozenset[str]


def scoped_children(node: ast.AST, local: Names) -> Iterator[tuple[ast.AST, Names]]:
    """The children of a node, each with the names that are local to functions around it.

    A local name can never mean the builtin or the import of that name. Names of class bodies and
    of the file are left out, since they fall back to those until they are assigned.
    """
    if isinstance(node, _Comprehension):
        yield from _comprehension_children(node, local)
        return
    outside: list[ast.AST] = []
    inside = local
    if isinstance(node, _Function):
        outside = _evaluated_outside(node)
        inside = (local | _bound_in(node)) - _imported_in(node) - _declared_global(_body(node))
    elif isinstance(node, ast.ClassDef):
        outside = _evaluated_outside(node)
        inside = local - _own_names(node.body) - _declared_global(node.body)
    for child in ast.iter_child_nodes(node):
        yield child, local if child in outside else inside


def _comprehension_children(node: _Comprehension, local: Names) -> Iterator[tuple[ast.AST, Names]]:
    inside = local | {name for part in node.generators for name in _stored(part.target)}
    yield node.generators[0].iter, local
    for number, generator in enumerate(node.generators):
        if number:
            yield generator.iter, inside
        yield generator.target, inside
        yield from ((test, inside) for test in generator.ifs)
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.comprehension):
            yield child, inside


def _evaluated_outside(node: _Function | ast.ClassDef) -> list[ast.AST]:
    """Default values, bases, annotations of arguments and of the result, decorators."""
    if isinstance(node, ast.ClassDef):
        return [*node.bases, *node.keywords, *node.decorator_list]
    if isinstance(node, ast.Lambda):
        return [node.args]
    return [node.args, *node.decorator_list, *([node.returns] if node.returns else [])]


def _bound_in(node: _Function) -> set[str]:
    given = node.args
    extra = [a for a in (given.vararg, given.kwarg) if a is not None]
    parameters = {a.arg for a in [*given.posonlyargs, *given.args, *given.kwonlyargs, *extra]}
    return parameters | _own_names(_body(node))


def _body(node: _Function) -> Sequence[ast.AST]:
    return [node.body] if isinstance(node, ast.Lambda) else node.body


def _own_names(body: Iterable[ast.AST]) -> set[str]:
    """The names that a body assigns or defines itself."""
    found = set()
    for part in _own_parts(body):
        match part:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
    return found


def _declared_global(body: Iterable[ast.AST]) -> set[str]:
    parts = [part for part in _own_parts(body) if isinstance(part, ast.Global)]
    return {name for part in parts for name in part.names}


def _imported_in(node: _Function) -> set[str]:
    return {
        alias.asname or alias.name.partition(".")[0]
        for part in _own_parts(_body(node))
        if isinstance(part, ast.Import | ast.ImportFrom)
        for alias in part.names
    }


def _own_parts(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What may bind names in a body itself: not in its inner functions, classes, comprehensions."""
    todo = [*body]
    while todo:
        part = todo.pop()
        yield part
        if isinstance(part, _Comprehension):
            todo += _walrus_targets(part)
        elif isinstance(part, _Function | ast.ClassDef):
            todo += _evaluated_outside(part)
        else:
            todo += ast.iter_child_nodes(part)


def _walrus_targets(node: ast.AST) -> Iterator[ast.AST]:
    """``name`` of each ``name := value`` in a comprehension, which binds it around."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.NamedExpr):
            yield child.target
        if not isinstance(child, ast.Lambda):
            yield from _walrus_targets(child)


def _stored(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
