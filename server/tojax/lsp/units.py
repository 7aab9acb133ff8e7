"""What is analysed as one: a file, or the code cells of a notebook as one virtual source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from lsprotocol import types

from tojax.lsp.documents import Place, Text, range_of

# Lines that IPython understands and Python does not. They are read as a call that nobody knows.
_MAGIC_LINE = re.compile(
    r"^(?P<indent>\s*)(?P<target>[\w, ]+=\s*)?(?:%%?[A-Za-z]|![^=]|\?|\S+\?{1,2}\s*$)"
)
_OTHER_LANGUAGE = re.compile(
    r"^%%(?!time\b|timeit\b|capture\b|prun\b|python\b|python3\b|px\b|debug\b)\w"
)
MAGIC = "__tojax_magic__"


@dataclass(frozen=True)
class Part:
    """One document of a unit, and the line of the unit on which it starts."""

    text: Text
    first: int


@dataclass(frozen=True)
class Unit:
    """Documents that are analysed as one Python source.

    Args:
        uri: the file or the notebook.
        parts: its documents in order, one for a file.
        is_notebook: whether it is a notebook.
    """

    uri: str
    parts: tuple[Part, ...]
    is_notebook: bool = False

    @property
    def key(self) -> tuple[tuple[str, int | None, int], ...]:
        """Changes whenever a document does or is opened anew, or the order of cells."""
        texts = (part.text for part in self.parts)
        return tuple((text.uri, text.version, text.opening) for text in texts)

    @cached_property
    def text(self) -> Text:
        """The virtual source."""
        if not self.is_notebook:
            return self.parts[0].text
        return Text(self.uri, None, "\n".join(self.cells), "utf-32")

    @cached_property
    def cells(self) -> list[str]:
        """The Python source of each document."""
        if not self.is_notebook:
            return [self.text.source]
        return [
            "\n".join(python_lines(part.text.lines, number))
            for number, part in enumerate(self.parts)
        ]

    def part_of(self, uri: str) -> Part | None:
        """The document with this URI."""
        return next((part for part in self.parts if part.text.uri == uri), None)

    def part_at(self, line: int) -> Part:
        """The document that a line of the virtual source is in."""
        return next(part for part in reversed(self.parts) if part.first <= line)

    def place(self, part: Part, area: types.Range) -> Place:
        """A range of a document as a place in the virtual source."""
        line, column, end_line, end_column = part.text.place(area)
        return line + part.first, column, end_line + part.first, end_column

    def point(self, part: Part, position: types.Position) -> tuple[int, int]:
        """A position of a document as a line and column of the virtual source."""
        line, column = part.text.point(position)
        return line + part.first, column

    def range(self, part: Part, place: Place) -> types.Range:
        """A place of the virtual source in a document, cut to it."""
        return range_of(self.characters(part, place))

    def characters(self, part: Part, place: Place) -> Place:
        """A place of the virtual source in a document, cut to it, in the protocol's units."""
        line, column, end_line, end_column = place
        lines = part.text.lines
        last = len(lines) - 1
        line, end_line = line - part.first, end_line - part.first
        if end_line > last:
            end_line, end_column = last, len(lines[last])
        column = min(column, len(lines[line]))
        end_column = min(end_column, len(lines[end_line]))
        return part.text.characters((line, column, end_line, end_column))


def file_unit(text: Text) -> Unit:
    """A file."""
    return Unit(text.uri, (Part(text, 0),))


def notebook_unit(uri: str, cells: list[Text]) -> Unit:
    """The code cells of a notebook."""
    firsts = accumulate((len(cell.lines) for cell in cells), initial=0)
    parts = tuple(Part(cell, first) for cell, first in zip(cells, firsts, strict=False))
    return Unit(uri, parts, is_notebook=True)


def python_lines(lines: list[str], cell: int = 0) -> list[str]:
    """The lines of a cell with everything that is IPython's read as a call; their number stays.

    Each call tells its cell and line, so that the line can be put back.
    """
    first = next((line for line in lines if line.strip()), "")
    if _OTHER_LANGUAGE.match(first):
        return [f"{MAGIC}({cell}, {number})" for number in range(len(lines))]
    return [_python_line(line, cell, number) for number, line in enumerate(lines)]


def _python_line(line: str, cell: int, number: int) -> str:
    match = _MAGIC_LINE.match(line)
    if match is None or line.lstrip().startswith(("#", "'", '"')):
        return line
    return f"{match['indent']}{match['target'] or ''}{MAGIC}({cell}, {number})"
