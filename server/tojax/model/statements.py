"""The top-level statements of a file, by lines, and the part of a file that some of them need."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d]\w*")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Statement:
    """A top-level statement: its lines (from zero, the end exclusive), decorators included."""

    node: ast.stmt
    start: int
    end: int
    text: str

    @property
    def names(self) -> set[str]:
        """The names that it defines or assigns; imports have none."""
        if isinstance(self.node, Definition):
            return {self.node.name}
        if isinstance(self.node, ast.Import | ast.ImportFrom):
            return set()
        stored = (n for n in ast.walk(self.node) if isinstance(n, ast.Name))
        return {name.id for name in stored if isinstance(name.ctx, ast.Store)}


def lines_of(code: str) -> list[str]:
    """The lines with their ends, unlike `str.splitlines` as Python counts them."""
    return io.StringIO(code).readlines()


def statements_of(code: str) -> Iterator[Statement]:
    """The top-level statements in order.

    Raises:
        SyntaxError: the code does not parse.
    """
    lines = lines_of(code)
    for node in ast.parse(code).body:
        decorators = getattr(node, "decorator_list", [])
        start = min([node.lineno, *(item.lineno for item in decorators)]) - 1
        end = node.end_lineno or node.lineno
        text = "".join(lines[start:end])
        yield Statement(node, start, end, text if text.endswith("\n") else f"{text}\n")


def needed_for(code: str, roots: Iterable[str]) -> str:
    """The imports, definitions and assignments that some top-level names need, with their comments.

    Names in comments count, so that what a directive calls is kept.

    Raises:
        SyntaxError: the code does not parse.
    """
    lines, statements = lines_of(code), list(statements_of(code))
    starts = [_with_comments(lines, statement.start) for statement in statements]
    texts = [
        "".join(lines[start : statement.end])
        for start, statement in zip(starts, statements, strict=True)
    ]
    needed, todo = set[int](), set(roots)
    while todo:
        name = todo.pop()
        for number, statement in enumerate(statements):
            if number not in needed and name in _bound(statement):
                needed.add(number)
                todo |= set(_WORD.findall(texts[number]))
    kept = _spaced([(statements[n], texts[n]) for n in sorted(needed)])
    return "".join(text if text.endswith("\n") else f"{text}\n" for text in kept)


def _with_comments(lines: list[str], start: int) -> int:
    while start > 0 and lines[start - 1].startswith("#"):
        start -= 1
    return start


def _bound(statement: Statement) -> set[str]:
    if isinstance(statement.node, ast.Import | ast.ImportFrom):
        names = statement.node.names
        return {alias.asname or alias.name.partition(".")[0] for alias in names}
    return statement.names


def _spaced(parts: Iterable[tuple[Statement, str]]) -> Iterator[str]:
    """Texts with two empty lines around definitions."""
    before: ast.stmt | None = None
    for statement, text in parts:
        around = (before, statement.node)
        apart = before is not None and any(isinstance(node, Definition) for node in around)
        yield f"\n\n{text}" if apart else text
        before = statement.node
