"""Texts with the statements of other texts in them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from tojax.source.names import bound_names
from tojax.source.trees import walk

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


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
    own = {bound: statement for statement in tree.body for bound in bound_names(statement)}
    present = {line for statement in tree.body for line in _import_lines(statement)}
    edits: list[tuple[int, int, list[str]]] = []
    imports: list[str] = []
    rest: list[list[str]] = []
    replaced: list[int] = []
    for statement in added.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            imports += [line for line in _import_lines(statement) if line not in present]
            continue
        text = added_lines[first_line(statement) : statement.end_lineno]
        bound = bound_names(statement)
        former = own.get(bound[0]) if bound else None
        if former is None:
            if bound:
                rest.append(text)
        elif isinstance(former, Definition) == isinstance(statement, Definition):
            first, last = first_line(former), former.end_lineno or former.lineno
            replaced.append(comments_above(lines, first))
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


def comments_above(lines: Sequence[str], first: int) -> int:
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    return first


def first_line(statement: ast.stmt) -> int:
    """The zero-based line on which a statement or its first decorator starts."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)]) - 1


def without_idle_imports(text: str, *, before: str) -> str:
    """A text without the PyTorch imports that it used before and uses no more."""
    idle = _used(before) - _used(text)
    lines = text.split("\n")
    for statement in reversed(ast.parse(text).body):
        if _imports_torch(statement) and idle.issuperset(bound_names(statement)):
            del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines)


def _imports_torch(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names=aliases):
            return all(alias.name.partition(".")[0] == "torch" for alias in aliases)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] == "torch"
    return False


def _used(text: str) -> set[str]:
    """Names that are read, or that stand in a text such as ``__all__`` has."""
    used: set[str] = set()
    for node in walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            used.add(node.value)
    return used
