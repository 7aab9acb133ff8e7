"""Which text is written where: one definition or a whole file, into a sibling file, in place, or
below the original. Pure functions on texts, for the engine's worker processes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tojax.nouns import Translation, Unresolved

_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


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
) -> Rewrite:
    """Translate a file, or one of its definitions with what it needs.

    Args:
        source: the PyTorch source.
        name: a top-level definition, or something in it; None for the file.
        output: ``sibling``, ``inPlace`` or ``below``.
        existing: the sibling's text, if there is one already.
        filename: the file's name, for messages.

    Raises:
        SyntaxError: the source does not parse.
        LookupError: there is no such definition.
    """
    if "\r\n" in source:
        made = rewrite(
            source.replace("\r\n", "\n"),
            name=name,
            output=output,
            existing=existing.replace("\r\n", "\n") if existing is not None else None,
            filename=filename,
        )
        return Rewrite(made.text.replace("\n", "\r\n"), made.jax, made.unresolved, made.rules)
    translation = _translated(source, name, filename)
    jax = translation.code
    if output == "below":
        text = _below(source, jax, name)
    elif name is None:
        text = jax
    elif output == "inPlace":
        text = merged(source, jax)
    else:
        text = jax if existing is None else merged(existing, jax)
    return Rewrite(text, jax, translation.unresolved, translation.rules)


def _translated(source: str, name: str | None, filename: str | None) -> Translation:
    from tojax.translate import translate

    if name is None:
        return translate(source, filename=filename)
    top = name.partition(".")[0]
    try:
        return translate(reduced(source, top), filename=filename, select=top)
    except ValueError as error:
        raise LookupError(str(error)) from None


def reduced(source: str, name: str) -> str:
    """A source in which only imports and what ``name`` needs are left; lines stay where they are.

    Blocks that do not parse are left out, unless it is the one that is asked for.

    Raises:
        LookupError: there is no definition of this name at the top level.
        SyntaxError: a block does not parse, and the definition is not in another one.
    """
    from tojax.source.blocks import split_blocks

    blocks = split_blocks(source)
    placed = [(s, block.line) for block in blocks for s in block.parsed.tree.body]
    statements: dict[str, list[ast.stmt]] = {}
    for statement, _ in placed:
        for bound in _bound(statement):
            statements.setdefault(bound, []).append(statement)
    if not any(isinstance(item, _Definition) for item in statements.get(name, ())):
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
            queue += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    lines = source.split("\n")
    kept = [""] * len(lines)
    for statement, offset in placed:
        if statement in needed or isinstance(statement, ast.Import | ast.ImportFrom):
            first = _comments_above(lines, _first_line(statement) + offset)
            last = (statement.end_lineno or statement.lineno) + offset
            kept[first:last] = lines[first:last]
    return "\n".join(kept)


def _comments_above(lines: Sequence[str], first: int) -> int:
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return first


def _first_line(statement: ast.stmt) -> int:
    """The zero-based line on which a statement or its first decorator starts."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)]) - 1


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a top-level statement binds."""
    match statement:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def merged(base: str, addition: str, *, after: str | None = None) -> str:
    """A text with the top-level statements of another one.

    What is bound in both is replaced where it stands; imports that are missing go to the imports;
    the rest goes before the first replaced definition, so that it is known there.

    Args:
        base: the text that stays.
        addition: the text that comes into it.
        after: put the rest below this definition instead; at the end if it is not there.
    """
    tree, added = ast.parse(base), ast.parse(addition)
    lines, added_lines = base.split("\n"), addition.split("\n")
    own = {bound: statement for statement in tree.body for bound in _bound(statement)}
    present = {line for statement in tree.body for line in _import_lines(statement)}
    edits: list[tuple[int, int, list[str]]] = []
    imports: list[str] = []
    rest: list[list[str]] = []
    replaced: list[int] = []
    for statement in added.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports += [line for line in _import_lines(statement) if line not in present]
            continue
        text = added_lines[_first_line(statement) : statement.end_lineno]
        bound = _bound(statement)
        former = own.get(bound[0]) if bound else None
        if former is None:
            if bound:
                rest.append(text)
        elif isinstance(former, _Definition) == isinstance(statement, _Definition):
            first, last = _first_line(former), former.end_lineno or former.lineno
            replaced.append(_comments_above(lines, first))
            if lines[first:last] != text:
                edits.append((first, last, text))
    if rest:
        place = min(replaced, default=len(lines))
        if after is not None:
            target = own.get(after)
            place = (target.end_lineno or 0) if target is not None else len(lines)
        edits.append(_insertion(lines, place, rest))
    if imports:
        place = _import_place(tree)
        edits.append((place, place, imports))
    for first, last, text in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        lines[first:last] = text
    return "\n".join(lines)


def _insertion(
    lines: Sequence[str], place: int, parts: Iterable[list[str]]
) -> tuple[int, int, list[str]]:
    """Definitions put at a line, two blank lines around each."""
    while place > 0 and not lines[place - 1].strip():
        place -= 1
    text = [line for part in parts for line in ("", "", *part)]
    if place == 0:
        text = text[2:]
    following = next((n for n in range(place, len(lines)) if lines[n].strip()), None)
    if following is None:
        return place, len(lines), [*text, ""]
    return place, following, [*text, "", ""]


def _import_lines(statement: ast.stmt) -> list[str]:
    """One line for each name that a statement imports."""
    match statement:
        case ast.Import(names=aliases):
            return [ast.unparse(ast.Import([alias])) for alias in aliases]
        case ast.ImportFrom(module=module, names=aliases, level=level):
            return [ast.unparse(ast.ImportFrom(module, [alias], level)) for alias in aliases]
    return []


def _import_place(tree: ast.Module) -> int:
    """The line for new imports: after those that are there, or after the docstring."""
    place = 0
    for statement in tree.body:
        is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if isinstance(statement, ast.Import | ast.ImportFrom) or (is_text and not place):
            place = statement.end_lineno or place
        elif place or not is_text:
            break
    return place


def _below(source: str, jax: str, name: str | None) -> str:
    """The source with the JAX version of its definitions below, under names of their own."""
    tree = ast.parse(source)
    texts = {s.name: ast.unparse(s) for s in tree.body if isinstance(s, _Definition)}
    translated = ast.parse(jax)
    changed = {
        s.name
        for s in translated.body
        if isinstance(s, _Definition) and s.name in texts and ast.unparse(s) != texts[s.name]
    }
    renamed = _renamed(jax, translated, {old: jax_name(old) for old in changed})
    top = name.partition(".")[0] if name is not None else None
    tree = ast.parse(renamed)
    lines = renamed.split("\n")
    parts = [
        "\n".join(lines[_first_line(s) : s.end_lineno])
        for s in tree.body
        if isinstance(s, ast.Import | ast.ImportFrom)
        or (isinstance(s, _Definition) and s.name not in texts)
        or (not isinstance(s, _Definition) and _is_new_constant(s, source))
    ]
    return merged(source, "\n".join(parts) + "\n", after=top or "")


def _is_new_constant(statement: ast.stmt, source: str) -> bool:
    """Whether a statement binds something that a helper needs and the source lacks."""
    bound = _bound(statement)
    own = {name for s in ast.parse(source).body for name in _bound(s)}
    return bool(bound) and not set(bound) & own


def jax_name(name: str) -> str:
    """What the JAX version of a definition is called beside the original."""
    return f"{name}Jax" if name[:1].isupper() else f"{name}_jax"


def _renamed(text: str, tree: ast.Module, names: dict[str, str]) -> str:
    """A text with top-level definitions under other names."""
    lines = text.split("\n")
    places: set[tuple[int, int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
            places.add((node.lineno - 1, column, node.id))
    for statement in tree.body:
        if isinstance(statement, _Definition) and statement.name in names:
            number = statement.lineno - 1
            match = re.compile(rf"\b{statement.name}\b").search(lines[number])
            if match is not None:
                places.add((number, match.start(), statement.name))
    for line, column, name in sorted(places, reverse=True):
        lines[line] = lines[line][:column] + names[name] + lines[line][column + len(name) :]
    return "\n".join(lines)


# notebooks

CELL_MARK = "# tojax: cell"


def rewrite_cells(cells: Sequence[str], only: int | None = None) -> tuple[list[str], Translation]:
    """Translate the code cells of a notebook together.

    Args:
        cells: their Python sources.
        only: translate this cell alone; it then brings the imports and helpers that it needs.

    Returns:
        The new sources, and the translation with ranges counted over the joined cells.

    Raises:
        SyntaxError: a cell does not parse.
        LookupError: the cells cannot be told apart in the result.
    """
    from tojax.translate import translate

    joined = "".join(f"{cell}\n{CELL_MARK} {number}\n" for number, cell in enumerate(cells))
    translation = translate(joined)
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
        name for cell in cells for statement in ast.parse(cell).body for name in _bound(statement)
    }
    new: dict[str, tuple[str, ast.stmt]] = {}
    for number, text in enumerate(texts):
        if number == only:
            continue
        lines = text.split("\n")
        for statement in ast.parse(text).body:
            piece = "\n".join(lines[_first_line(statement) : statement.end_lineno])
            for name in _bound(statement):
                if name not in bound_before:
                    new[name] = piece, statement
    read = {n.id for n in ast.walk(ast.parse(own)) if isinstance(n, ast.Name)}
    needed: set[str] = set()
    while wanted := {name for name in read & new.keys() if new[name][0] not in needed}:
        for name in wanted:
            needed.add(new[name][0])
            read |= {n.id for n in ast.walk(new[name][1]) if isinstance(n, ast.Name)}
    pieces = list(dict.fromkeys(piece for piece, _ in new.values() if piece in needed))
    imports = [piece for piece in pieces if piece.startswith(("import ", "from "))]
    helpers = [piece for piece in pieces if piece not in imports]
    head = "\n".join(imports) + ("\n" if imports else "")
    head += "".join(f"\n\n{helper}\n" for helper in helpers) + ("\n\n" if helpers else "")
    return head + own
