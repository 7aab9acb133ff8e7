"""Lines and positions of a source text, counted the way editors and `ast` count them.

Only ``\\n``, ``\\r\\n`` and ``\\r`` end a line: `str.splitlines` would also split on form feed and
U+2028, which neither the language server protocol nor Python's parser does.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import Literal

from tojax.nouns import Position, Range

Encoding = Literal["utf-8", "utf-16", "utf-32"]
_LINE_END = re.compile(r"\r\n|\r|\n")


class Text:
    """A source text with its line table. Offsets count code points from the start of the text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._ascii = source.isascii()

    @cached_property
    def starts(self) -> list[int]:
        """Offset of the start of each line."""
        if "\r" in self.source:
            return [0, *(match.end() for match in _LINE_END.finditer(self.source))]
        *lines, _ = self.source.split("\n")
        return [0, *accumulate(len(line) + 1 for line in lines)]

    def line(self, number: int) -> str:
        """Line ``number`` (zero-based) with its line end."""
        start = self.starts[number]
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.source)
        return self.source[start:end]

    def offset(self, line: int, byte_column: int) -> int:
        """Offset of `ast`'s place: one-based ``line``, column in UTF-8 bytes."""
        start = self.starts[line - 1]
        if self._ascii or byte_column == 0:
            return start + byte_column
        text = self.line(line - 1)
        if text.isascii():
            return start + byte_column
        return start + len(text.encode()[:byte_column].decode(errors="ignore"))

    def span(
        self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias
    ) -> tuple[int, int]:
        """Start and end offset of a node (decorators of a definition not included)."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        if self._ascii:  # of every node of a file: worth a way of its own
            starts = self.starts
            start = starts[node.lineno - 1] + node.col_offset
            return start, starts[node.end_lineno - 1] + node.end_col_offset
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def position(self, offset: int) -> Position:
        """The position (zero-based line, code points) of an offset."""
        line = bisect_right(self.starts, offset) - 1
        return Position(line=line, column=offset - self.starts[line])

    def range(self, start: int, end: int) -> Range:
        """The range between two offsets."""
        return Range(start=self.position(start), end=self.position(end))

    def to_units(self, position: Position, encoding: Encoding) -> Position:
        """A code-point position with its column in an editor's code units."""
        if encoding == "utf-32":
            return position
        before = self.line(position.line)[: position.column]
        if encoding == "utf-8":
            return Position(line=position.line, column=len(before.encode()))
        return Position(line=position.line, column=len(before.encode("utf-16-le")) // 2)

    def from_units(self, position: Position, encoding: Encoding) -> Position:
        """The inverse of `to_units`; columns past the end of the line are clamped."""
        line = self.line(position.line).rstrip("\r\n")
        if encoding == "utf-32":
            return Position(line=position.line, column=min(position.column, len(line)))
        codec, width = ("utf-8", 1) if encoding == "utf-8" else ("utf-16-le", 2)
        data = line.encode(codec)[: position.column * width]
        return Position(line=position.line, column=len(data.decode(codec, errors="ignore")))
