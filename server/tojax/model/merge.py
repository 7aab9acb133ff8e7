"""Puts a model's draft and the rules' translation together, and tells who wrote which lines."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tojax.model.statements import Definition, Statement, lines_of, statements_of
from tojax.nouns import Origin
from tojax.translate.passes.imports import import_block

_MARK = "# TODO(tojax)"


def merged(draft: str, translated: str) -> str:
    """The rules' translation, with the draft's version of the definitions that they left open.

    With them come the imports of the draft, and what else it defines. Where the rules left more
    open than definitions and imports, the draft lacks one of those, or the parts do not go
    together, it stands as it is.

    Args:
        draft: JAX code that parses.
        translated: what the rules made of the same source.
    """
    ours, theirs = list(statements_of(translated)), list(statements_of(draft))
    left_open = [statement for statement in ours if _MARK in statement.text]
    if any(not isinstance(s.node, Definition | ast.Import | ast.ImportFrom) for s in left_open):
        return draft
    drafted = {name: s.text for s in theirs if isinstance(s.node, Definition) for name in s.names}
    replaced = [s for s in left_open if isinstance(s.node, Definition) and s.names & drafted.keys()]
    if len(replaced) < sum(isinstance(s.node, Definition) for s in left_open):
        return draft
    known = {name for statement in ours for name in statement.names}
    additions = [s.text for s in theirs if s.names and not s.names & known]
    texts = {s.start: drafted[name] for s in replaced for name in s.names}
    if replaced:
        first = replaced[0].start
        texts[first] = "\n\n".join([*additions, texts[first]])
    lines = lines_of(translated)
    for statement in left_open:
        blank = [""] * (statement.end - statement.start - 1)
        lines[statement.start : statement.end] = [texts.get(statement.start, ""), *blank]
    try:
        code = _with_imports("".join(lines), theirs)
        ast.parse(code)
    except SyntaxError:
        return draft
    return code


def _with_imports(code: str, statements: list[Statement]) -> str:
    """Code with those imports of a draft that it lacks, after its own."""
    present = set(_imports(statements_of(code)))
    block = import_block(_imports(statements), present)
    if not block:
        return code
    lines = lines_of(code)
    place = 0
    for statement in statements_of(code):
        is_text = isinstance(statement.node, ast.Expr)
        if not (is_text or isinstance(statement.node, ast.Import | ast.ImportFrom)):
            break
        place = statement.end
    lines.insert(place, f"{block}\n" if place else f"{block}\n\n\n")
    return "".join(lines)


def _imports(statements: Iterator[Statement] | list[Statement]) -> Iterator[str]:
    """Import lines, one name each; what comes from ``__future__`` is each file's own."""
    for statement in statements:
        node = statement.node
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            continue
        if isinstance(node, ast.Import):
            yield from (ast.unparse(ast.Import([alias])) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield ast.unparse(ast.ImportFrom(node.module, [alias], node.level))


def origins(code: str, translated: str) -> tuple[Origin, ...]:
    """Who wrote which lines: the rules those that stand in their translation, the model the rest.

    Args:
        code: the merged file.
        translated: what the rules made of the same source.
    """
    theirs, lines = translated.split("\n"), code.removesuffix("\n").split("\n")
    matcher = difflib.SequenceMatcher(None, theirs, lines, autojunk=False)
    by_rules = [False] * len(lines)
    for _, start, size in matcher.get_matching_blocks():
        by_rules[start : start + size] = [True] * size
    found: list[Origin] = []
    for line, rules in enumerate(by_rules):
        by = "rules" if rules else "model"
        if found and found[-1].by == by:
            found[-1] = found[-1].model_copy(update={"end": line + 1})
        else:
            found.append(Origin(start=line, end=line + 1, by="rules" if rules else "model"))
    return tuple(found)
