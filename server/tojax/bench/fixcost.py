"""What it took to make a draft right: the edit from the draft to its verified repair."""

from __future__ import annotations

import difflib
import io
import tokenize
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict


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
    """Compare two versions line by line; comments, blank lines and spacing do not count."""
    before, after = list(_lines(draft)), list(_lines(repair))
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


def _lines(code: str) -> Iterator[tuple[str, ...]]:
    """The tokens of each logical line; of code that has none, the words of each line."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        yield from (tuple(line.split()) for line in code.splitlines() if line.strip())
        return
    line: list[str] = []
    for token in tokens:
        if token.type in (tokenize.INDENT, tokenize.DEDENT):
            line.append(tokenize.tok_name[token.type])  # how deep a line is does count
        elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE):
            line.append(token.string)
        elif token.type == tokenize.NEWLINE:
            yield tuple(line)
            line = []
