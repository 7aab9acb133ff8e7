"""Where statements stand in the source: their lines, indentation and decorators."""

from __future__ import annotations

import ast
import re

from tojax.translate.edits import Edits


class Places:
    """Answers questions about the layout of one original file."""

    def __init__(self, edits: Edits) -> None:
        self._edits = edits
        self._source = edits.text.source

    def line_start(self, offset: int) -> int:
        """The start of the line that an offset is on."""
        return self._edits.text.starts[self._edits.text.position(offset).line]

    def end_of_line(self, offset: int) -> int:
        """The end of a statement's line, if only a comment follows."""
        line_end = self._source.find("\n", offset)
        rest = self._source[offset : line_end if line_end >= 0 else None]
        return offset + len(rest) if not rest.strip() or rest.lstrip().startswith("#") else offset

    def start(self, node: ast.AST) -> int:
        """Where a node starts, its decorators included."""
        start = self._edits.spans[node][0]
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            first = self._edits.spans[decorators[0]][0]
            return self._source.rindex("@", 0, first)
        return start

    def start_with_comments(self, node: ast.AST) -> int:
        """Where a statement starts, the comment lines directly above it included."""
        start = self.start(node)
        line = self.line_start(start)
        while line > 0:
            above = self._source.rfind("\n", 0, line - 1) + 1
            text = self._source[above:line]
            if not text.lstrip().startswith("#"):
                break
            start, line = above + len(text) - len(text.lstrip()), above
        return start

    def indentation(self, node: ast.stmt) -> str:
        """The white space before a statement."""
        start = self.start(node)
        before = self._source[self.line_start(start) : start]
        return before if not before.strip() else re.match(r"\s*", before).group()  # type: ignore[union-attr]

    def shares_line(self, start: int, end: int) -> bool:
        """Whether a statement has others, or its ``if x:``, on its line."""
        head = self._source[self.line_start(start) : start]
        return bool(head.strip()) or self._source[end:].lstrip(" \t")[:1] == ";"

    def is_bracketed(self, start: int, end: int) -> bool:
        """Whether a stretch stands in brackets of its own."""
        before = self._source[:start].rstrip()[-1:]
        after = self._source[end:].lstrip()[:1]
        return before + after in ("()", "[]")
