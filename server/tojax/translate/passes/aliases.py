"""Names that hold the same memory in PyTorch: ``y = x``, ``y = x.view(-1)``, ``a, b = x.chunk(2)``.

The order of the text stands for the order of execution.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from tojax.source.facts import Function
from tojax.translate.context import FileContext

_VIEWS = {
    "chunk", "data", "detach", "diagonal", "expand", "expand_as", "flatten", "mT", "movedim",
    "narrow", "permute", "ravel", "reshape", "select", "split", "squeeze", "swapaxes", "t", "T",
    "tensor_split", "transpose", "unbind", "unflatten", "unfold", "unsqueeze", "view", "view_as",
}  # fmt: skip


class Memory:
    """What shares memory in a function before a line."""

    def __init__(self, context: FileContext, function: Function, before: int) -> None:
        self._context = context
        # what is bound, to what, and by which statement in the order of the text
        self._bound: list[tuple[str, ast.expr, int]] = []
        statements = [
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.For) and node.lineno < before
        ]
        for number, statement in enumerate(sorted(statements, key=lambda node: node.lineno)):
            for name, value in _bindings(statement):
                self._bound.append((name, value, number))

    def bases(self, name: str) -> list[str]:
        """Names, and attributes such as ``self.k``, that ``name`` is a view of, or the same as."""
        number = self._latest(name)
        return [] if number is None else self._bases(self._value(name, number), number)

    def views(self, name: str) -> Iterator[str]:
        """Names that are views of ``name``, or the same."""
        own = self._latest(name)
        for other in dict.fromkeys(other for other, _, _ in self._bound):
            number = self._latest(other)
            if other != name and number is not None and (own is None or own < number):
                if name in self._bases(self._value(other, number), number):
                    yield other

    def _bases(self, value: ast.expr, number: int) -> list[str]:
        """What a value is a view of that statement ``number`` binds."""
        found: list[str] = []
        while (base := _base(self._context, value)) is not None:
            if any(name == base and number <= later for name, _, later in self._bound):
                return found  # the name means something else by now
            found.append(base)
            latest = self._latest(base, number)
            if latest is None:
                return found
            value, number = self._value(base, latest), latest
        return found

    def _latest(self, name: str, before: float = math.inf) -> int | None:
        numbers = [n for bound, _, n in self._bound if bound == name and n < before]
        return max(numbers, default=None)

    def _value(self, name: str, number: int) -> ast.expr:
        return next(v for bound, v, n in self._bound if bound == name and n == number)


def _bindings(statement: ast.Assign | ast.For) -> Iterator[tuple[str, ast.expr]]:
    """The names that a statement binds, with what they are bound to."""
    if isinstance(statement, ast.For):
        for part in ast.walk(statement.target):
            if isinstance(part, ast.Name):
                yield part.id, ast.Constant(None)
        return
    for target in statement.targets:
        yield from _pairs(target, statement.value)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target:
        case ast.Name(id=name):
            yield name, value
        case ast.Tuple(elts=items) | ast.List(elts=items):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for number, item in enumerate(items):
                part = parts[number] if len(parts) == len(items) else value
                yield from _pairs(item, part)


def _base(context: FileContext, value: ast.expr) -> str | None:
    """The name or attribute whose memory an expression shows."""
    while True:
        match value:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=inner, attr=attr) if attr in _VIEWS:
                value = inner
            case ast.Attribute(value=ast.Name(id="self")):
                return ast.unparse(value)
            case ast.Subscript(value=inner, slice=index) if _is_basic(context, index):
                value = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in _VIEWS:
                value = inner
            case _:
                return None


def _is_basic(context: FileContext, index: ast.expr) -> bool:
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(
        isinstance(part, ast.Slice | ast.Constant | ast.UnaryOp) or context.kind(part).tag == "int"
        for part in parts
    )
