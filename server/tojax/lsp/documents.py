"""Open texts: immutable snapshots, and positions between the editor's units and code points.

Lines end where editors say they do (``\n``, ``\r\n``, ``\r``); `str.splitlines` knows more ends.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate, count
from operator import add
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument
from pygls.workspace import Workspace as PyglsWorkspace

from tojax.lsp.failures import invalid

_LINE_END = re.compile(r"\r\n|\r|\n")
_OPENINGS = count(1)

# First and last line and column, in code points from zero; the end is exclusive.
Place = tuple[int, int, int, int]


class Text:
    """One version of one text.

    Args:
        uri: the document.
        version: its version in the editor; None for a file on disk.
        source: its characters.
        encoding: the unit of columns in the protocol: ``utf-8``, ``utf-16`` or ``utf-32``.
        opening: tells the same version apart in a document that was closed and opened again.
    """

    def __init__(
        self, uri: str, version: int | None, source: str, encoding: str, opening: int = 0
    ) -> None:
        self.uri, self.version, self.source, self.encoding = uri, version, source, encoding
        self.opening = opening

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return _LINE_END.split(self.source) if "\r" in self.source else self.source.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line's first character."""
        if "\r" in self.source:
            return [0, *(match.end() for match in _LINE_END.finditer(self.source))]
        lengths = accumulate(map(len, self.lines[:-1]), initial=0)
        return list(map(add, lengths, range(len(self.lines))))  # an end is one character

    def column(self, line: int, character: int) -> int:
        """The code points before a character of a line, at most all of them."""
        text = self.lines[line]
        if text.isascii() or self.encoding == "utf-32":
            return min(character, len(text))
        units = 0
        for column, letter in enumerate(text):
            if units >= character:
                return column
            units += _units(letter, self.encoding)
        return len(text)

    def character(self, line: int, column: int) -> int:
        """The protocol's units before a code point of a line."""
        text = self.lines[line]
        if text.isascii() or self.encoding == "utf-32":
            return column
        if self.encoding == "utf-8":
            return len(text[:column].encode("utf-8", "surrogatepass"))
        return sum(_units(letter, self.encoding) for letter in text[:column])

    def place(self, area: types.Range) -> Place:
        """A range of the protocol, cut to what the text has."""
        return (*self._point(area.start), *self._point(area.end))

    def _point(self, position: types.Position) -> tuple[int, int]:
        last = len(self.lines) - 1
        if position.line > last:
            return last, len(self.lines[last])
        return position.line, self.column(position.line, position.character)

    def point(self, position: types.Position) -> tuple[int, int]:
        """Line and column of a position.

        Raises:
            Failure: the text has no such line.
        """
        if position.line >= len(self.lines):
            raise invalid(f"line {position.line} of a text with {len(self.lines)} lines")
        return self._point(position)

    def characters(self, place: Place) -> Place:
        """A place with its columns in the protocol's units."""
        line, column, end_line, end_column = place
        return line, self.character(line, column), end_line, self.character(end_line, end_column)

    def range(self, place: Place) -> types.Range:
        """A place as a range of the protocol."""
        return range_of(self.characters(place))

    def whole(self) -> types.Range:
        """The range of everything."""
        last = len(self.lines) - 1
        return self.range((0, 0, last, len(self.lines[last])))

    def offset(self, line: int, column: int) -> int:
        """The code points before a place."""
        if "\r" in self.source:
            return self.starts[line] + column
        return sum(map(len, self.lines[:line])) + line + column  # an end is one character


def range_of(characters: Place) -> types.Range:
    """The range of the protocol from a line and character to another."""
    line, character, end_line, end_character = characters
    return types.Range(types.Position(line, character), types.Position(end_line, end_character))


def _units(letter: str, encoding: str) -> int:
    if encoding == "utf-8":
        return len(letter.encode("utf-8", "surrogatepass"))
    return 2 if ord(letter) > 0xFFFF else 1


class Document(TextDocument):
    """An open document of pygls that hands out snapshots."""

    encoding = "utf-16"
    opening = 0
    _snapshot: Text | None = None

    @property
    def snapshot(self) -> Text:
        """The text as it is now."""
        known = self._snapshot
        if known is None or known.source is not self._source or known.version != self.version:
            source = self._source or ""
            known = Text(self.uri, self.version, source, self.encoding, self.opening)
            self._source = known.source
            self._snapshot = known
        return known

    def _apply_incremental_change(self, change: types.TextDocumentContentChangePartial) -> None:
        text = self.snapshot
        line, column, end_line, end_column = text.place(change.range)
        start, end = sorted((text.offset(line, column), text.offset(end_line, end_column)))
        self._source = text.source[:start] + change.text + text.source[end:]


class Workspace(PyglsWorkspace):
    """pygls' workspace with documents of our own."""

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> Document:
        document = Document(doc_uri, source, version, language_id)
        document.encoding = str(getattr(self.position_encoding, "value", self.position_encoding))
        document.opening = next(_OPENINGS)
        return document


def read_file(uri: str, encoding: str) -> Text | None:
    """A file that is not open, from disk; None if there is none that can be read."""
    from tojax.files import InputError, read_source

    path = to_fs_path(uri)
    if path is None:
        return None
    try:
        file = read_source(Path(path))
    except InputError:
        return None
    return Text(uri, None, file.text.replace("\n", file.newline), encoding)
