"""Splits a text into top-level blocks that parse on their own.

A block is a top-level statement with the comments after it (those before the first one are a block
too); decorators stay with their definition, ``else`` and ``except`` with their head. Each block is
parsed separately and remembered by its text, so a broken one does not hide the others and an edit
parses one block again.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from tojax.source.facts import Definitions, definitions

_LINE_END = re.compile(r"\r\n|\r|\n")
# The line end before which a block may start: on a line that begins, after form feeds, with neither
# blank nor a comment nor a closing bracket; nor a backslash, as the next line may be indented.
_START = re.compile(r"(?:\r\n?|\n)(?=\f*[^\s#)\]}\\])")
_CONTINUES = re.compile(r"\f*(?:elif|else|except|finally)\b")
# What cannot stand at the start of a line inside brackets: a bracket left open ends before it.
_STATEMENT = re.compile(
    r"\f*(?:@|(?:def|class|import|while|with|try|return|raise|del|assert|pass|global|nonlocal|break"
    r"|continue|async\s+(?:def|with))\b|from\s+[\w.]+\s+import\b|(?:if|for)\b[^\n]*:\s*(?:#|\n|$))"
)
_TOKEN = re.compile(r"#[^\r\n]*|'''|\"\"\"|['\"]|[()\[\]{}]|\\(?:\r\n|[\s\S])")
_STRING_END = {
    "'": re.compile(r"\\(?:\r\n|[\s\S])|'|[\r\n]"),
    '"': re.compile(r'\\(?:\r\n|[\s\S])|"|[\r\n]'),
    "'''": re.compile(r"\\[\s\S]|'''"),
    '"""': re.compile(r'\\[\s\S]|"""'),
}


@dataclass(frozen=True, eq=False)
class Parsed:
    """What is known of a block by its text alone; lines count from the block's first.

    The tree is empty if the text does not parse, and ``error`` says why.
    """

    text: str
    tree: ast.Module
    error: SyntaxError | None = None

    @cached_property
    def definitions(self) -> Definitions:
        """What the block defines and imports."""
        return definitions(self.tree)

    @cached_property
    def line_ends(self) -> int:
        """How many lines end in the text."""
        has_returns = "\r" in self.text
        return len(_LINE_END.findall(self.text)) if has_returns else self.text.count("\n")

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return _LINE_END.split(self.text)


class Block(NamedTuple):
    """One block of a file, and the zero-based line on which it starts.

    Blocks of the same text share what is parsed, except within one file.
    """

    parsed: Parsed
    line: int


def split_blocks(source: str) -> list[Block]:
    """The blocks of a text, in order; their texts joined are the text.

    Args:
        source: any text, also one that does not parse.
    """
    parts = _joined(_chunks(source))
    broken = [part.text for part in parts if part.error]
    # A statement cut in two shows as two broken pieces, or as decorators without their definition.
    if len(broken) > 1 or any(text.startswith("@") for text in broken):
        parts = [_remembered(text) for text in _cut_by_tree(source) or ()] or parts
    blocks = []
    line = 0
    seen: dict[str, int] = {}
    for part in parts:
        text = part.text
        copy = seen[text] = seen.get(text, -1) + 1
        blocks.append(Block(_remembered(text, copy) if copy else part, line))
        line += part.line_ends
    _MEMORY.forget(beyond=max(_ROOM, 2 * len(source)))
    return blocks


def parse(text: str) -> Parsed:
    """Parse a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in strings
            return Parsed(text, ast.parse(text))
    except SyntaxError as error:
        return Parsed(text, ast.Module([], []), error)
    except (RecursionError, MemoryError):
        return Parsed(text, ast.Module([], []), syntax_error("nested too deeply"))
    except ValueError as error:  # a null character
        return Parsed(text, ast.Module([], []), syntax_error(str(error)))


class _Memory:
    """Parsed blocks by their text and the number of their copy, the last used one last."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int], Parsed] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def parsed(self, key: tuple[str, int]) -> Parsed:
        """What is known of a block; it is parsed the first time."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        made = parse(key[0])
        with self._lock:
            if key not in self._known:
                self._known[key] = made
                self._size += len(key[0])
            return self._known[key]

    def forget(self, beyond: int) -> None:
        """Forget the blocks that were not used for longest, until so many characters are left."""
        with self._lock:
            while self._size > beyond:
                (text, _), _ = self._known.popitem(last=False)
                self._size -= len(text)


# A tree takes a hundred times the memory of its text.
_ROOM = 150_000
_MEMORY = _Memory()


def _remembered(text: str, copy: int = 0) -> Parsed:
    """Parse a block, or remember it; ``copy`` tells equal blocks of one file apart."""
    return _MEMORY.parsed((text, copy))


def syntax_error(message: str) -> SyntaxError:
    """An error at the start of a text."""
    return SyntaxError(message, (None, 1, 1, None))


def _cut_by_tree(source: str) -> list[str] | None:
    """The blocks of a text that parses as a whole."""
    parsed = parse(source)
    if parsed.error is not None:
        return None
    lines = [0, *(match.end() for match in _LINE_END.finditer(source))]
    cuts = [0]
    last = 0
    for statement in parsed.tree.body:
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(node.lineno for node in decorators)])
        if first > last:
            cuts.append(lines[first - 1])
        last = statement.end_lineno or first
    cuts.append(len(source))
    return [source[start:end] for start, end in pairwise(cuts) if start < end]


def _chunks(source: str) -> list[str]:
    """The text cut before every line that may start a block."""
    cuts = [0, *(match.end() for match in _START.finditer(source)), len(source)]
    return [source[start:end] for start, end in pairwise(cuts) if start < end]


def _joined(chunks: list[str]) -> list[Parsed]:
    """Chunks joined to blocks, as few as parse together."""
    parts: list[Parsed] = []
    # Every broken chunk looks ahead for its end; together they may read the text a few times.
    budget = [8 * sum(map(len, chunks)) + 10_000]
    position = 0
    while position < len(chunks):
        end = position + 1
        while end < len(chunks) and chunks[end - 1].startswith("@"):
            end += 1
        end, part = _closed(chunks, position, end, budget)
        while end < len(chunks) and _CONTINUES.match(chunks[end]):
            end, part = _closed(chunks, position, end + 1, budget)
        parts.append(part)
        position = end
    return parts


def _closed(chunks: list[str], start: int, end: int, budget: list[int]) -> tuple[int, Parsed]:
    """``end``, moved on to where strings and brackets open there are closed, if that parses; and
    the chunks up to there."""
    part = _remembered("".join(chunks[start:end]))
    if part.error is None:
        return end, part
    state = _Open().after(part.text)
    for number in range(end, len(chunks)):
        chunk = chunks[number]
        stray = state.brackets and not state.quote and _STATEMENT.match(chunk)
        budget[0] -= len(chunk)
        if not state.is_open or stray or budget[0] < 0:
            break
        state = state.after(chunk)
        if not state.is_open:
            longer = _remembered("".join(chunks[start : number + 1]))
            return (number + 1, longer) if longer.error is None else (end, part)
    return end, part


@dataclass(frozen=True)
class _Open:
    """What is open at some point of a text: a string, brackets, or a line continued by ``\\``."""

    quote: str = ""
    brackets: int = 0
    continued: bool = False

    @property
    def is_open(self) -> bool:
        return bool(self.quote or self.brackets > 0 or self.continued)

    def after(self, text: str) -> _Open:
        """The state after more text."""
        quote, brackets, continued = self.quote, self.brackets, False
        position = 0
        while True:
            match = (_STRING_END[quote] if quote else _TOKEN).search(text, position)
            if match is None:
                return _Open(quote, brackets, continued)
            token, position = match[0], match.end()
            if quote:
                if token[0] != "\\":
                    quote = ""
            elif token in _STRING_END:
                quote = token
            elif token in "([{":
                brackets += 1
            elif token in ")]}":
                brackets -= 1
            continued = token[0] == "\\" and position == len(text)
