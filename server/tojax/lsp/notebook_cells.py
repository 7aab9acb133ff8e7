"""The code cells of a notebook, translated together or one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tojax.lsp.merging import Definition, first_line
from tojax.nouns import Translation, Unresolved
from tojax.source.names import bound_names
from tojax.source.trees import walk

if TYPE_CHECKING:
    from tojax.translate.context import Init

CELL_MARK = "# tojax: cell"


def rewrite_cells(
    cells: Sequence[str], only: int | None = None, init: Init = "flax"
) -> tuple[list[str], Translation]:
    """Translate the code cells of a notebook together.

    Args:
        cells: their Python sources.
        only: translate this cell alone; it then brings the imports and helpers that it needs.
        init: like whose layers new parameters start.

    Returns:
        The new sources, and the translation with ranges counted over the joined cells.

    Raises:
        SyntaxError: a cell does not parse.
        LookupError: the cells cannot be told apart in the result.
    """
    from tojax.translate import translate

    joined = "".join(f"{cell}\n{CELL_MARK} {number}\n" for number, cell in enumerate(cells))
    translation = translate(joined, init=init)
    pieces = re.split(rf"^{CELL_MARK} (\d+)\n", translation.code, flags=re.MULTILINE)
    if [int(number) for number in pieces[1::2]] != list(range(len(cells))):
        raise LookupError("the cells of this notebook cannot be translated one by one")
    texts = [piece.removesuffix("\n") for piece in pieces[0::2][: len(cells)]]
    # Each cell is one mark further down in the joined text than in the virtual source.
    firsts = [0]
    for cell in cells:
        firsts.append(firsts[-1] + cell.count("\n") + 2)
    unresolved = tuple(_moved_up(item, firsts) for item in translation.unresolved)
    translation = translation.model_copy(update={"unresolved": unresolved})
    if only is not None:
        own = _standalone(cells, texts, only)
        texts = [own if number == only else cell for number, cell in enumerate(cells)]
    return texts, translation


def _moved_up(item: Unresolved, firsts: Sequence[int]) -> Unresolved:
    line = item.range.start.line
    cell = next(n for n, (first, end) in enumerate(pairwise(firsts)) if first <= line < end)
    start = item.range.start.model_copy(update={"line": line - cell})
    end = item.range.end.model_copy(update={"line": item.range.end.line - cell})
    area = item.range.model_copy(update={"start": start, "end": end})
    return item.model_copy(update={"range": area})


def _standalone(cells: Sequence[str], texts: Sequence[str], only: int) -> str:
    """The translated cell, after the imports and helpers from other cells that it needs."""
    own = texts[only]
    bound_before = {
        name
        for cell in cells
        for statement in ast.parse(cell).body
        for name in bound_names(statement)
    }
    new: dict[str, tuple[str, ast.stmt]] = {}
    for number, text in enumerate(texts):
        if number == only:
            continue
        lines = text.split("\n")
        for statement in ast.parse(text).body:
            piece = "\n".join(lines[first_line(statement) : statement.end_lineno])
            for name in bound_names(statement):
                if name not in bound_before:
                    new[name] = piece, statement
    body = ast.parse(own).body
    read = _names(*body)
    needed: set[str] = set()
    while wanted := {name for name in read & new.keys() if new[name][0] not in needed}:
        for name in wanted:
            needed.add(new[name][0])
            read |= _names(new[name][1])
    pieces = list(dict.fromkeys(piece for piece, _ in new.values() if piece in needed))
    imports = [piece for piece in pieces if piece.startswith(("import ", "from "))]
    helpers = [piece for piece in pieces if piece not in imports]
    head = "\n".join(imports) + ("\n" if imports else "")
    head += "".join(f"\n\n{helper}\n" for helper in helpers)
    first = body[0] if body else None
    if not head or (not helpers and isinstance(first, ast.Import | ast.ImportFrom)):
        return head + own
    return head + ("\n\n" if helpers or isinstance(first, Definition) else "\n") + own


def _names(*statements: ast.stmt) -> set[str]:
    return {node.id for tree in statements for node in walk(tree) if isinstance(node, ast.Name)}
