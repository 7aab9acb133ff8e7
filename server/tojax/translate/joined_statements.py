"""Statements of training that share a line, each put on a line of its own before translation.

``optimizer.zero_grad(); loss.backward(); optimizer.step()`` becomes definitions and blocks, which
no ``;`` can join.
"""

from __future__ import annotations

import ast
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from tojax.nouns import Position, Range, Translation
from tojax.source.text import Text
from tojax.source.trees import walk

_TRAINING = {"backward", "step", "zero_grad"}
_CALL = rf"\.(?:{'|'.join(sorted(_TRAINING))})\("
_JOINED = re.compile(rf";[^\n]*{_CALL}|{_CALL}[^\n]*;")


@dataclass
class Separated:
    """A text with its lines of training split, and how to speak of it as it was.

    ``cuts`` are stretches of ``source`` with what stands there in ``text``.
    """

    source: str
    text: str
    cuts: list[tuple[int, int, str]]

    def restored(self, made: Translation) -> Translation:
        """A translation of ``text`` with the places of what is unresolved in ``source``."""
        new, old = Text(self.text), Text(self.source)
        ends: list[tuple[int, int]] = [(0, 0)]  # after each cut: the offset there, and here
        for _, end, inserted in self.cuts:
            start = self.cuts[len(ends) - 1][0] - ends[-1][1] + ends[-1][0]
            ends.append((start + len(inserted), end))

        def place(position: Position) -> Position:
            offset = new.starts[position.line] + position.column
            after, before = ends[bisect_right(ends, (offset, len(self.source))) - 1]
            return old.position(before + offset - after)

        unresolved = tuple(
            item.model_copy(
                update={"range": Range(start=place(item.range.start), end=place(item.range.end))}
            )
            for item in made.unresolved
        )
        return made.model_copy(update={"unresolved": unresolved})


def separated(source: str) -> Separated | None:
    """Split the lines on which statements of training stand beside others; None if there are none.

    Args:
        source: a text with LF as line end.
    """
    if not _JOINED.search(source):
        return None
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    text = Text(source)
    cuts = sorted(cut for group in _groups(tree) for cut in _cuts(text, group))
    if not cuts:
        return None
    parts, place = [], 0
    for start, end, inserted in cuts:
        parts += [source[place:start], inserted]
        place = end
    return Separated(source, "".join([*parts, source[place:]]), cuts)


def _groups(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Statements of one block on one line, among them one of training."""
    for node in walk(tree):
        for name in ("body", "orelse", "finalbody"):
            group: list[ast.stmt] = []
            block = getattr(node, name, None)
            for statement in [*block, None] if isinstance(block, list) else ():
                if statement is not None and group and group[-1].end_lineno == statement.lineno:
                    group.append(statement)
                    continue
                if len(group) > 1 and any(map(_trains, group)):
                    yield group
                group = [] if statement is None else [statement]


def _trains(statement: ast.stmt) -> bool:
    return any(
        isinstance(part, ast.Call)
        and isinstance(part.func, ast.Attribute)
        and part.func.attr in _TRAINING
        for part in walk(statement)
    )


def _cuts(text: Text, group: list[ast.stmt]) -> Iterator[tuple[int, int, str]]:
    """What to put between the statements of a group, and before the first after an ``if x:``."""
    spans = [text.span(statement) for statement in group]
    line = text.starts[group[0].lineno - 1]
    before = text.source[line : spans[0][0]]
    indent = before[: len(before) - len(before.lstrip())]
    if before.strip():
        indent += "    "
        yield line + len(before.rstrip()), spans[0][0], f"\n{indent}"
    for (_, end), (start, _) in itertools.pairwise(spans):
        yield end, start, f"\n{indent}"
