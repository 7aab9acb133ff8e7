"""The classes, functions and `# %%` cells of a source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_CELL = re.compile(r"^#\s?%%(?P<title>[^\n]*)", re.MULTILINE)


class Definition(NamedTuple):
    """A class or function: its qualified name, the lines that it takes, and its text."""

    name: str
    first: int
    line: int
    last: int
    text: str


def outline(source: str) -> list[Definition]:
    """Top-level classes and functions, and the methods of classes; broken blocks have none."""
    from tojax.source.blocks import split_blocks

    return [
        definition
        for block in split_blocks(source)
        for statement in block.parsed.tree.body
        for definition in _definitions(statement, block.line, block.parsed.lines)
    ]


def _definitions(
    node: ast.stmt, offset: int, lines: list[str], prefix: str = ""
) -> Iterator[Definition]:
    if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return
    first = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1
    last = (node.end_lineno or node.lineno) - 1
    name = f"{prefix}{node.name}"
    text = "\n".join(lines[first : last + 1])
    yield Definition(name, first + offset, node.lineno - 1 + offset, last + offset, text)
    if isinstance(node, ast.ClassDef):
        for statement in node.body:
            yield from _definitions(statement, offset, lines, f"{name}.")


def cells(source: str) -> list[tuple[int, int]]:
    """The first line of each `# %%` cell, and the one after its last."""
    starts = [source.count("\n", 0, match.start()) for match in _CELL.finditer(source)]
    return list(pairwise([*starts, source.count("\n") + 1]))
