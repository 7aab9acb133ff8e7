"""Puts a model's draft and the rules' translation together, and tells who wrote which lines."""

from __future__ import annotations

import ast
import difflib
import io
from collections.abc import Iterator
from dataclasses import dataclass

from tojax.nouns import Origin
from tojax.translate.passes.imports import import_block

_MARK = "# TODO(tojax)"
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class _Statement:
    """A top-level statement: its lines (from zero, the end exclusive), the names that it binds."""

    node: ast.stmt
    start: int
    end: int
    text: str

    @property
    def is_open(self) -> bool:
        return _MARK in self.text

    @property
    def names(self) -> set[str]:
        if isinstance(self.node, _Definition):
            return {self.node.name}
        if isinstance(self.node, ast.Import | ast.ImportFrom):
            return set()
        stored = (n for n in ast.walk(self.node) if isinstance(n, ast.Name))
        return {name.id for name in stored if isinstance(name.ctx, ast.Store)}


def merged(draft: str, translated: str) -> str:
    """The rules' translation, with the draft's version of the definitions that they left open.

    With them come the imports of the draft, and what else it defines. Where the rules left more
    open than definitions and imports, or the draft lacks one of those, it stands as it is.

    Args:
        draft: JAX code that parses.
        translated: what the rules made of the same source.
    """
    ours, theirs = list(_statements(translated)), list(_statements(draft))
    left_open = [statement for statement in ours if statement.is_open]
    if any(not isinstance(s.node, _Definition | ast.Import | ast.ImportFrom) for s in left_open):
        return draft
    drafted = {name: s.text for s in theirs if isinstance(s.node, _Definition) for name in s.names}
    replaced = [
        s for s in left_open if isinstance(s.node, _Definition) and s.names & drafted.keys()
    ]
    if len(replaced) < sum(isinstance(s.node, _Definition) for s in left_open):
        return draft
    known = {name for statement in ours for name in statement.names}
    additions = [s.text for s in theirs if s.names and not s.names & known]
    texts = {s.start: drafted[name] for s in replaced for name in s.names}
    if replaced:
        first = replaced[0].start
        texts[first] = "\n\n".join([*additions, texts[first]])
    lines = _lines(translated)
    for statement in left_open:
        blank = [""] * (statement.end - statement.start - 1)
        lines[statement.start : statement.end] = [texts.get(statement.start, ""), *blank]
    return _with_imports("".join(lines), theirs)


def _with_imports(code: str, statements: list[_Statement]) -> str:
    """Code with those imports of a draft that it lacks, after its own."""
    present = set(_imports(_statements(code)))
    block = import_block(_imports(statements), present)
    if not block:
        return code
    lines = _lines(code)
    place = 0
    for statement in _statements(code):
        is_text = isinstance(statement.node, ast.Expr)
        if not (is_text or isinstance(statement.node, ast.Import | ast.ImportFrom)):
            break
        place = statement.end
    lines.insert(place, f"{block}\n" if place else f"{block}\n\n\n")
    return "".join(lines)


def _imports(statements: Iterator[_Statement] | list[_Statement]) -> Iterator[str]:
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


def _lines(code: str) -> list[str]:
    return io.StringIO(code).readlines()  # unlike splitlines, as Python counts lines


def _statements(code: str) -> Iterator[_Statement]:
    lines = _lines(code)
    for node in ast.parse(code).body:
        decorators = getattr(node, "decorator_list", [])
        start = min([node.lineno, *(item.lineno for item in decorators)]) - 1
        end = node.end_lineno or node.lineno
        text = "".join(lines[start:end])
        yield _Statement(node, start, end, text if text.endswith("\n") else f"{text}\n")


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
