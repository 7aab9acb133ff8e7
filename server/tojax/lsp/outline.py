"""The classes, functions and `# %%` cells of a source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from tojax.source.blocks import Parsed

_CELL = re.compile(r"^#\s?%%(?P<title>[^\n]*)", re.MULTILINE)


class Definition(NamedTuple):
    """A class or function: its qualified name, the lines that it takes, and its text."""

    name: str
    first: int
    line: int
    last: int
    text: str

    def moved(self, lines: int) -> Definition:
        """The same definition, that many lines further down."""
        name, first, line, last, text = self
        return Definition(name, first + lines, line + lines, last + lines, text)


def outline(source: str) -> list[Definition]:
    """Top-level classes and functions, and the methods of classes; broken blocks have none."""
    from tojax.source.blocks import split_blocks

    return [
        definition.moved(block.line)
        for block in split_blocks(source)
        for definition in _of_block(block.parsed)
    ]


# An edit changes one block of many.
_KNOWN: WeakKeyDictionary[Parsed, list[Definition]] = WeakKeyDictionary()


def _of_block(parsed: Parsed) -> list[Definition]:
    """The definitions of a block, lines counted from its first."""
    known = _KNOWN.get(parsed)
    if known is None:
        body = parsed.tree.body
        known = _KNOWN[parsed] = [d for node in body for d in _definitions(node, parsed.lines)]
    return known


def _definitions(node: ast.stmt, lines: list[str], prefix: str = "") -> Iterator[Definition]:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1
    last = (node.end_lineno or node.lineno) - 1
    name = f"{prefix}{node.name}"
    yield Definition(name, first, node.lineno - 1, last, "\n".join(lines[first : last + 1]))
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            yield from _definitions(statement, lines, f"{name}.")


def cells(source: str) -> list[tuple[int, int]]:
    """The first line of each `# %%` cell, and the one after its last."""
    starts = [source.count("\n", 0, match.start()) for match in _CELL.finditer(source)]
    return list(pairwise([*starts, source.count("\n") + 1]))
