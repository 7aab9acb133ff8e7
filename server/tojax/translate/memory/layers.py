"""Layers that change what they are given, or give it back: ``nn.ReLU(inplace=True)``.

They are followed to the calls that make them, also inside sequences and the user's modules.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tojax.source.facts import ClassFacts
from tojax.source.kinds import Kind
from tojax.source.trees import walk
from tojax.translate.changing_calls import is_flagged

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

_DEPTH = 8
_SEQUENCES = ("torch.nn.Sequential", "torch.nn.ModuleList")
_SAME = {
    f"torch.nn.{name}"
    for name in ("AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "Flatten",
                 "Identity", "Unflatten")
}  # fmt: skip
_Made = tuple["FileContext", ast.expr]


def changes_argument(context: FileContext, layer: ast.expr) -> bool:
    """Whether a layer changes the array that it is called on."""
    known, key = context.sharing.layers, ("changes", layer)
    if key not in known:
        known[key] = any(_changes(where, made, 0) for where, made in _makers(context, layer, 0))
    return known[key]


def gives_argument(context: FileContext, layer: ast.expr) -> bool:
    """Whether what a layer gives may be the array itself that it is called on."""
    known, key = context.sharing.layers, ("gives", layer)
    if key not in known:
        known[key] = any(_gives(where, made, 0) for where, made in _makers(context, layer, 0))
    return known[key]


def is_one_inplace(context: FileContext, layer: ast.expr) -> bool:
    """Whether a layer surely is one that gives back its argument, which it has changed."""
    makers = list(_makers(context, layer, 0))
    return bool(makers) and all(_is_inplace(where, made) for where, made in makers)


def rectifies_argument(context: FileContext, layer: ast.expr) -> bool:
    """Whether all that a layer surely does to its argument is ``relu_()``."""
    makers = list(_makers(context, layer, 0))
    return bool(makers) and all(_rectifies(where, made, 0) for where, made in makers)


def _rectifies(context: FileContext, made: ast.expr, depth: int) -> bool:
    if depth > _DEPTH or not isinstance(made, ast.Call):
        return False
    if context.name(made.func) != _SEQUENCES[0]:
        return context.name(made.func) == "torch.nn.ReLU" and _is_inplace(context, made)
    layers = list(_children(context, made, depth))
    if not layers or not _rectifies(*layers[0], depth + 1):
        return False
    for where, layer in layers[1:]:
        if _changes(where, layer, depth + 1):
            return False
        if not _gives(where, layer, depth + 1):
            break
    return True


def _changes(context: FileContext, made: ast.expr, depth: int) -> bool:
    if depth > _DEPTH or not isinstance(made, ast.Call):
        return False
    if context.name(made.func) == _SEQUENCES[0]:
        for where, child in _children(context, made, depth):
            if _changes(where, child, depth + 1):
                return True
            if not _gives(where, child, depth + 1):
                return False
        return False
    return _is_inplace(context, made) or "x" in _forward(context, made, written=True)


def _gives(context: FileContext, made: ast.expr, depth: int) -> bool:
    if depth > _DEPTH or not isinstance(made, ast.Call):
        return False
    name = context.name(made.func)
    if name == _SEQUENCES[0]:
        layers = list(_children(context, made, depth))
        return bool(layers) and all(_gives(where, layer, depth + 1) for where, layer in layers)
    return name in _SAME or _is_inplace(context, made) or "x" in _forward(context, made)


def _forward(context: FileContext, made: ast.Call, *, written: bool = False) -> str:
    """An ``x`` if the ``forward`` of a user's module writes to its argument, or returns it."""
    for facts in context.inference.callees.get(made, []):
        found = context.program.method(facts, "forward") if isinstance(facts, ClassFacts) else None
        if found is not None and len(found[1].args.args) > 1:
            summary = context.sharing.summary(found[1])
            changed = {name for name, guard in summary.written if not guard}
            names = changed if written else {name for item, name in summary.returned if not item}
            return "x" if found[1].args.args[1].arg in names else ""
    return ""


def _is_inplace(context: FileContext, made: ast.expr) -> bool:
    """Whether a call makes a layer of PyTorch's with ``inplace=True``."""
    name = context.name(made.func) if isinstance(made, ast.Call) else ""
    is_layer = name.startswith("torch.nn.") and name.count(".") == 2
    return is_layer and isinstance(made, ast.Call) and is_flagged(context, made)


def _makers(context: FileContext, layer: ast.expr, depth: int) -> Iterator[_Made]:
    """The calls that may make the layer that an expression is."""
    if depth > _DEPTH:
        return
    match layer:
        case ast.Call():
            yield from _made_by(context, layer, depth)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _makers(context, body, depth + 1)
            yield from _makers(context, orelse, depth + 1)
        case ast.Name(id=name):
            yield from _bound(context, layer, name, depth)
        case ast.Attribute(value=base, attr=attr):
            for where, value in _attribute(context, context.kind(base), attr):
                yield from _makers(where, value, depth + 1)
        case ast.Subscript(value=base, slice=ast.Slice()):
            yield from _makers(context, base, depth + 1)
        case ast.Subscript(value=base):
            yield from _items(context, base, depth)


def _made_by(context: FileContext, call: ast.Call, depth: int) -> Iterator[_Made]:
    functions = [
        f for f in context.inference.callees.get(call, []) if not isinstance(f, ClassFacts)
    ]
    if not functions:
        yield context, call
    for function in functions:
        where = context.sharing.context_of(function)
        for node in walk(function):
            if isinstance(node, ast.Return) and node.value is not None and where is not None:
                yield from _makers(where, node.value, depth + 1)


def _bound(context: FileContext, use: ast.Name, name: str, depth: int) -> Iterator[_Made]:
    """What a local name is bound to, also by a loop over layers."""
    scope = context.enclosing_function(use) if use in context.edits.parents else None
    for node in walk(scope) if scope is not None else ():
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(isinstance(t, ast.Name) and t.id == name for t in targets):
                    if not _mentions(value, name):
                        yield from _makers(context, value, depth + 1)
            case ast.For(target=target, iter=iterable) if _mentions(target, name):
                if isinstance(iterable, ast.Call) and iterable.args:  # enumerate, reversed, zip
                    iterable = iterable.args[0]
                if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Attribute):
                    iterable = iterable.func.value  # layers.children()
                yield from _items(context, iterable, depth)


def _attribute(context: FileContext, kind: Kind, attr: str) -> Iterator[_Made]:
    """What the classes behind a kind assign to an attribute."""
    facts = context.program.class_of(kind)
    for owner in context.program.base_classes(facts) if facts is not None else ():
        where = context.sharing.contexts.get(owner.module)
        if where is not None:
            yield from ((where, value) for value in context.sharing.assigned(owner, attr))


def _items(context: FileContext, base: ast.expr, depth: int) -> Iterator[_Made]:
    """The layers of the sequences that an expression may be."""
    for where, made in list(_makers(context, base, depth + 1)):
        if isinstance(made, ast.Call) and where.name(made.func) in _SEQUENCES:
            yield from _children(where, made, depth + 1)


def _children(context: FileContext, made: ast.Call, depth: int) -> Iterator[_Made]:
    """The calls that make the layers of a sequence, in order."""
    for argument in made.args:
        for layer in _listed(context, argument):
            yield from _makers(context, layer, depth + 1)


def _listed(context: FileContext, node: ast.expr) -> Iterator[ast.expr]:
    """The items of a list of layers, as far as they stand in the code."""
    match node:
        case ast.Starred(value=value):
            yield from _listed(context, value)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                is_named = isinstance(item, ast.Tuple) and len(item.elts) == 2
                yield item.elts[1] if is_named and isinstance(item, ast.Tuple) else item
        case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item):
            yield item
        case ast.Call(func=ast.Name(id="OrderedDict"), args=[items]):
            yield from _listed(context, items)
        case ast.BinOp(left=left, right=right):
            yield from _listed(context, left)
            yield from _listed(context, right)
        case ast.Name(id=name) if context.kind(node).tag == "list":
            scope = context.enclosing_function(node)
            parts = list(walk(scope)) if scope is not None else []
            if any(_changes_list(part, name) for part in parts):
                return
            for part in sorted(parts, key=lambda part: getattr(part, "lineno", 0)):
                yield from _added(context, part, name)
        case _:
            yield node


def _added(context: FileContext, node: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a statement puts into the list ``name``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.List() as value):
            if target == name:
                yield from _listed(context, value)
        case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
            if not _mentions(value, name):
                yield from _listed(context, value)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=target), attr="append"), args=[value]):
            if target == name:
                yield value


def _changes_list(node: ast.AST, name: str) -> bool:
    """Whether a statement replaces items of a list, or moves them."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=target))]):
            return target == name
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            return target == name and not isinstance(value, ast.List)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=target), attr=attr)):
            return target == name and attr in ("insert", "pop", "reverse")
    return False


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in walk(node))
