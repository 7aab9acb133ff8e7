"""Which text is written where: one definition or a whole file, into a sibling file, in place, or
below the original. Pure functions on texts, for the engine's worker processes.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tojax.lsp.merging import (
    Definition,
    comments_above,
    first_line,
    merged,
    without_idle_imports,
)
from tojax.nouns import Translation, Unresolved
from tojax.source.names import bound_names

if TYPE_CHECKING:
    from tojax.source.blocks import Block
    from tojax.translate.context import Init


_MARK = "\ufeff"


@dataclass(frozen=True)
class Rewrite:
    """The new text of the target file, the JAX version by itself, and how the translation went."""

    text: str
    jax: str
    unresolved: tuple[Unresolved, ...]
    rules: tuple[str, ...]


def rewrite(
    source: str,
    *,
    name: str | None = None,
    output: str = "sibling",
    existing: str | None = None,
    filename: str | None = None,
    init: Init = "flax",
) -> Rewrite:
    """Translate a file, or one of its definitions with what it needs.

    Args:
        source: the PyTorch source.
        name: a top-level definition, or something in it; None for the file.
        output: ``sibling``, ``inPlace`` or ``below``.
        existing: the sibling's text, if there is one already.
        filename: the file's name, for messages.
        init: like whose layers new parameters start.

    Raises:
        SyntaxError: the source does not parse.
        LookupError: there is no such definition.
    """
    if name is None and output != "below":
        made = _translated(source, None, filename, init)
        return Rewrite(made.code, made.code, made.unresolved, made.rules)
    target = existing if output == "sibling" and existing is not None else source
    plain = _plain(source)
    translation = _translated(plain, name, filename, init)
    jax = translation.code
    if output == "below":
        text = _below(plain, jax, name)
    elif output == "inPlace":
        text = without_idle_imports(merged(plain, jax), before=plain)
    else:
        text = jax if existing is None else merged(_plain(existing), jax)
    return Rewrite(_formed(text, target), jax, translation.unresolved, translation.rules)


def _plain(text: str) -> str:
    """A text without a byte-order mark, whose lines end as Python's own do."""
    return text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")


def _formed(text: str, target: str) -> str:
    """A plain text with the byte-order mark and the line ends of another one."""
    end = re.search(r"\r\n|\r|\n", target)
    mark = _MARK if target.startswith(_MARK) else ""
    return mark + (text.replace("\n", end[0]) if end is not None else text)


def _translated(source: str, name: str | None, filename: str | None, init: Init) -> Translation:
    from tojax.translate import translate

    if name is None:
        return translate(source, filename=filename, init=init)
    top = name.partition(".")[0]
    try:
        return translate(reduced(source, top), filename=filename, select=top, init=init)
    except ValueError as error:
        raise LookupError(str(error)) from None


@lru_cache(maxsize=1)
def blocks_of(source: str) -> list[Block]:
    """The blocks of a text: the same for its translation as for the look ahead before it."""
    from tojax.source.blocks import split_blocks

    return split_blocks(source)


def reduced(source: str, name: str) -> str:
    """A source in which only imports and what ``name`` needs are left; lines stay where they are.

    Blocks that do not parse are left out, unless it is the one that is asked for.

    Raises:
        LookupError: there is no definition of this name at the top level.
        SyntaxError: a block does not parse, and the definition is not in another one.
    """
    from tojax.source.trees import walk

    placed = [(s, block.line) for block in blocks_of(source) for s in block.parsed.tree.body]
    statements: dict[str, list[ast.stmt]] = {}
    for statement, _ in placed:
        for bound in bound_names(statement):
            statements.setdefault(bound, []).append(statement)
    if not any(isinstance(item, Definition) for item in statements.get(name, ())):
        ast.parse(source)
        raise LookupError(f"there is no class or function '{name}' at the top level")
    needed: set[ast.stmt] = set()
    queue = [name]
    seen: set[str] = set()
    while queue:
        current = queue.pop()
        if current in seen:
            continue
        seen.add(current)
        for statement in statements.get(current, ()):
            needed.add(statement)
            queue += [node.id for node in walk(statement) if isinstance(node, ast.Name)]
    lines = source.split("\n")
    kept = [""] * len(lines)
    for statement, offset in placed:
        if statement in needed or isinstance(statement, ast.Import | ast.ImportFrom):
            first = comments_above(lines, first_line(statement) + offset)
            last = (statement.end_lineno or statement.lineno) + offset
            kept[first:last] = lines[first:last]
    return "\n".join(kept)


def _below(source: str, jax: str, name: str | None) -> str:
    """The source with the JAX version of its definitions below, under names of their own."""
    tree = ast.parse(source)
    texts = {s.name: ast.unparse(s) for s in tree.body if isinstance(s, Definition)}
    translated = ast.parse(jax)
    changed = {
        s.name
        for s in translated.body
        if isinstance(s, Definition) and s.name in texts and ast.unparse(s) != texts[s.name]
    }
    renamed = _renamed(jax, translated, {old: jax_name(old) for old in changed})
    top = name.partition(".")[0] if name is not None else None
    tree = ast.parse(renamed)
    lines = renamed.split("\n")
    parts = [
        "\n".join(lines[first_line(s) : s.end_lineno])
        for s in tree.body
        if isinstance(s, ast.Import | ast.ImportFrom)
        or (isinstance(s, Definition) and s.name not in texts)
        or (not isinstance(s, Definition) and _is_new_constant(s, source))
    ]
    return merged(source, "\n".join(parts) + "\n", after=top or "")


def _is_new_constant(statement: ast.stmt, source: str) -> bool:
    """Whether a statement binds something that a helper needs and the source lacks."""
    bound = bound_names(statement)
    own = {name for s in ast.parse(source).body for name in bound_names(s)}
    return bool(bound) and not set(bound) & own


def jax_name(name: str) -> str:
    """What the JAX version of a definition is called beside the original."""
    return f"{name}Jax" if name[:1].isupper() else f"{name}_jax"


def under_own_names(text: str) -> str:
    """A text with the JAX versions that stand below definitions in these definitions' place."""
    tree = ast.parse(text)
    names = {s.name for s in tree.body if isinstance(s, Definition)}
    return _renamed(text, tree, {jax_name(name): name for name in names if jax_name(name) in names})


def _renamed(text: str, tree: ast.Module, names: dict[str, str]) -> str:
    """A text with top-level definitions under other names."""
    lines = text.split("\n")
    places: set[tuple[int, int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
            places.add((node.lineno - 1, column, node.id))
    for statement in tree.body:
        if isinstance(statement, Definition) and statement.name in names:
            number = statement.lineno - 1
            match = re.compile(rf"\b{statement.name}\b").search(lines[number])
            if match is not None:
                places.add((number, match.start(), statement.name))
    for line, column, name in sorted(places, reverse=True):
        lines[line] = lines[line][:column] + names[name] + lines[line][column + len(name) :]
    return "\n".join(lines)
