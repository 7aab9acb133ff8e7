"""What is left where a statement is removed: its line goes too, or ``pass`` stays."""

from __future__ import annotations

import ast

from tojax.translate.edits import Edits
from tojax.translate.printing.places import Places


def removed(
    edits: Edits, places: Places, node: ast.stmt, place: int, start: int, end: int
) -> tuple[str, str, int]:
    """The text before a removed statement, what is printed for it, and where printing goes on.

    Args:
        edits: the replacements of the file.
        places: its layout.
        node: the statement.
        place: offset up to which the source is printed already.
        start: where the statement starts.
        end: where it ends.
    """
    source = edits.text.source
    gap = source[place:start]
    if places.shares_line(start, end) or _empties_block(edits, node):
        return gap, "pass", end
    line_start = places.line_start(start)
    if _nothing_follows(edits, node):
        return source[place:line_start].rstrip(), "", places.end_of_line(end)
    line_end = source.find("\n", end)
    rest = source[end : len(source) if line_end < 0 else line_end]
    if rest.strip() and not rest.lstrip().startswith("#"):
        return gap, "pass", end
    after = len(source) if line_end < 0 else line_end + 1
    before = source[:line_start].rstrip(" \t")
    if before.endswith((":\n", "\n\n")) and source[after : after + 1] == "\n":
        after += 1
    return source[place : max(line_start, place)], "", after


def _nothing_follows(edits: Edits, node: ast.stmt) -> bool:
    """Whether a removed statement and those after it are the end of a function or block."""
    if isinstance(edits.parents[node], ast.Module):
        return False
    block = edits.block_of(node)
    return not any(edits.statements.get(s, [s]) for s in block[block.index(node) :])


def _empties_block(edits: Edits, node: ast.stmt) -> bool:
    """Whether removing a statement (and its removed neighbours) would empty a block."""
    if isinstance(edits.parents[node], ast.Module):
        return False
    block = edits.block_of(node)
    return node is block[-1] and not any(edits.statements.get(s, [s]) for s in block)
