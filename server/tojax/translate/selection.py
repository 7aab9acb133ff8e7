"""One definition of a translated file, with what it needs of the rest."""

from __future__ import annotations

import ast

from tojax.nouns import Translation
from tojax.source.names import bound_names
from tojax.source.text import Text
from tojax.source.trees import walk
from tojax.translate.output import parsed

_MARK = "\ufeff"


def selected(translation: Translation, source: str, name: str) -> Translation:
    """The part of a translation that the top-level definition ``name`` needs.

    Raises:
        ValueError: the file has no such definition.
    """
    if translation.code.startswith(_MARK):
        plain = translation.model_copy(update={"code": translation.code.removeprefix(_MARK)})
        made = selected(plain, source.removeprefix(_MARK), name)
        return made.model_copy(update={"code": _MARK + made.code})
    tree = parsed(translation.code)
    text = Text(translation.code)
    statements = {bound: s for s in tree.body for bound in bound_names(s)}
    if not isinstance(statements.get(name), ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        raise ValueError(f"there is no class or function '{name}' at the top level")
    needed: set[str] = set()
    queue = [name]
    while queue:
        current = queue.pop()
        if current in statements and current not in needed:
            needed.add(current)
            queue += [n.id for n in walk(statements[current]) if isinstance(n, ast.Name)]
    parts: list[str] = []
    for statement in tree.body:
        if set(bound_names(statement)) & needed or _is_future(statement):
            spacing = "\n" if isinstance(statement, ast.Import | ast.ImportFrom) else "\n\n\n"
            parts.append((spacing if parts else "") + _text(text, statement))
    lines = _lines_of(source, needed) if translation.unresolved else set()
    unresolved = tuple(u for u in translation.unresolved if u.range.start.line in lines)
    of_the_whole_file = {"origins": (), "verdict": None}
    update = {"code": "".join(parts) + "\n", "unresolved": unresolved, **of_the_whole_file}
    return translation.model_copy(update=update)


def _lines_of(source: str, names: set[str]) -> set[int]:
    """The zero-based lines of the statements that bind some names at the top level."""
    original = {b: s for s in ast.parse(source).body for b in bound_names(s)}
    return {
        line
        for bound in names & original.keys()
        for line in range(original[bound].lineno - 1, original[bound].end_lineno or 0)
    }


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _text(text: Text, statement: ast.stmt) -> str:
    start, end = text.span(statement)
    decorators = getattr(statement, "decorator_list", [])
    if decorators:
        start = text.source.rindex("@", 0, text.span(decorators[0])[0])
    return text.source[start:end]
