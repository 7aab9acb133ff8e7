"""What statements read and write, for moving them."""

from __future__ import annotations

import ast

from tojax.source.facts import Function
from tojax.source.names import dotted
from tojax.source.trees import walk

Scope = Function | ast.Module

_CHANGING = {"append", "extend", "insert", "reverse", "sort", "pop", "remove", "clear",
             "discard", "setdefault", "popitem", "appendleft"}  # fmt: skip


def text_of(node: ast.expr) -> str:
    """The dotted text of a name or attribute (``self.model``), else an empty string."""
    return ".".join(dotted(node) or ())


def reads(node: ast.AST) -> set[str]:
    """Names, and attributes of names, that are read in a node."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Load):
            text = text_of(part)
            if text:
                found.add(text)
        elif isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
    return found


def writes(node: ast.AST) -> dict[str, None]:
    """Names, and attributes of names, that are bound in a node, in order."""
    found: dict[str, None] = {}
    for part in walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found[part.id] = None
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            text = text_of(part)
            if text:
                found[text] = None
        elif isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            text = text_of(part.value)
            if text:
                found[text] = None
    return found


def changes(node: ast.AST) -> dict[str, None]:
    """What a node binds, and the lists, sets and dicts that it changes by their methods."""
    found = writes(node)
    for part in walk(node):
        match part:
            case ast.Call(func=ast.Attribute(value=owner)) if _is_change(part):
                if text := text_of(owner):
                    found[text] = None
    return found


def _is_change(call: ast.Call) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(attr="add"), args=[_], keywords=[]):
            return True
        case ast.Call(func=ast.Attribute(attr="update"), args=[ast.Dict() | ast.Name()]):
            return True  # a meter's would have a number, and how many it is the mean of
    return isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING


def one_by_one(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment with their values, if they can be bound one after the other."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            pairs = list(zip(targets, values, strict=False))
            if len(targets) != len(values):
                return []
            for place, (target, _) in enumerate(pairs):
                later = [*values[place + 1 :], *map(_index, targets[place + 1 :])]
                if any(reads(part) & writes(target).keys() for part in later):
                    return []
            return pairs
        case ast.Assign(targets=[*items, ast.Name(id=name) as last]):
            if any(name in reads(item) for item in items):
                return []
            return [(last, node.value), *((item, ast.Name(name, ast.Load())) for item in items)]
    return []


def _index(target: ast.expr) -> ast.expr:
    """What a target depends on: an item of ``x`` is one of ``x`` as it then is."""
    match target:
        case ast.Subscript(value=ast.Name(), slice=index):
            return index
    return target
