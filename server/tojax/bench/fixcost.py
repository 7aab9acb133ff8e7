"""What it took to make a draft right: the edit from the draft to its verified repair."""

from __future__ import annotations

import difflib
import io
import tokenize
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

_Line = tuple[str | int, ...]
_STEPS = {tokenize.INDENT: 1, tokenize.DEDENT: -1}


class FixCost(BaseModel):
    """An edit: places by kind, and how many lines it removes and adds there."""

    model_config = ConfigDict(frozen=True)

    replaced: int = 0
    inserted: int = 0
    deleted: int = 0
    lines: int = 0

    @property
    def places(self) -> int:
        """How many places differ."""
        return self.replaced + self.inserted + self.deleted


def fix_cost(draft: str, repair: str) -> FixCost:
    """Compare two versions line by line; comments, blank lines and spacing do not count.

    Where one is no Python, they are compared by the words of their lines.
    """
    try:
        before, after = list(_lines(draft)), list(_lines(repair))
    except (tokenize.TokenError, SyntaxError):
        before, after = list(_words(draft)), list(_words(repair))
    counts = {"replace": 0, "insert": 0, "delete": 0}
    lines = 0
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            counts[kind] += 1
            lines += end - start + new_end - new_start
    return FixCost(
        replaced=counts["replace"],
        inserted=counts["insert"],
        deleted=counts["delete"],
        lines=lines,
    )


def _lines(code: str) -> Iterator[_Line]:
    """The tokens of each logical line, after how deep it is."""
    depth, line = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.NEWLINE:
            yield (depth, *line)
            line = []
        elif token.type in _STEPS:
            depth += _STEPS[token.type]
        elif token.type not in (tokenize.COMMENT, tokenize.NL):
            line.append(token.string)


def _words(code: str) -> Iterator[_Line]:
    return (tuple(line.split()) for line in code.splitlines() if line.strip())
