"""Imports: PyTorch's go, what the output needs comes in their place."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable

from tojax.source.names import imports_torch, is_torch
from tojax.source.reexports import hands_on_torch
from tojax.translate.context import FileContext
from tojax.translate.edits import Keep, Verbatim
from tojax.translate.insertions import insert_after, insert_before
from tojax.translate.late_imports import STILL_NEEDED


def bound_by(alias: ast.alias) -> str:
    """The local name that an import binds."""
    return alias.asname or alias.name.partition(".")[0]


def brings_torch(context: FileContext, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
    """Whether one name of an import statement is PyTorch's, perhaps by way of another file."""
    if imports_torch(node, alias):
        return True
    return isinstance(node, ast.ImportFrom) and hands_on_torch(
        context.facts, node, alias, context.program.modules
    )


def torch_names(context: FileContext) -> dict[str, str]:
    """Local names that the file's imports bind to PyTorch, with what they stand for there.

    Where an import has no line of its own, because a star brings the name, the value is the line
    that would bring it; else it is empty.
    """
    found: dict[str, str] = {}
    written: set[str] = set()
    for node in context.edits.nodes(ast.Import, ast.ImportFrom):
        for alias in node.names:
            written.add(bound_by(alias))
            if brings_torch(context, node, alias):
                found[bound_by(alias)] = ""
    for name, qualified in context.facts.imports.items():
        if name not in written and is_torch(qualified):
            found[name] = import_line(name, qualified)
    return found


def import_line(name: str, qualified: str) -> str:
    """The import that binds ``name`` to what ``qualified`` stands for."""
    home, _, original = qualified.rpartition(".")
    alias = [ast.alias(original, None if name == original else name)]
    return ast.unparse(ast.ImportFrom(home, alias, 0) if home else ast.Import(alias))


def imports(context: FileContext, kept: set[str], block: str) -> None:
    """Rewrite the import statements.

    Args:
        context: the file.
        kept: local names whose PyTorch import must stay for something unresolved.
        block: import lines that the output needs.
    """
    first = True
    kept = kept | _kept_with_their_fallbacks(context, kept)
    for node in _import_statements(context):
        torch_names = [alias for alias in node.names if brings_torch(context, node, alias)]
        if not torch_names:
            continue
        needed = [a for a in node.names if a not in torch_names or bound_by(a) in kept]
        made: list[ast.stmt] = []
        is_star = any(alias.name == "*" for alias in torch_names)
        at_top = isinstance(context.edits.parents[node], ast.Module)
        if first and at_top and block:
            made.append(Verbatim(_without_standard(context, node, block)))
            first = False
        if is_star:
            reason = "a star import does not tell which names are PyTorch's"
            context.leave(node, "TJ201", "torch", reason)
            made.append(Keep(node))
        elif needed:
            made += [Verbatim(line) for line in _import_lines(context, node, needed)]
        present = context.edits.statements.get(node, [Keep(node)])
        context.edits.statements[node] = [
            part for old in present for part in (made if isinstance(old, Keep) else [old])
        ]
        parent = context.edits.parents[node]
        if isinstance(parent, ast.If) and _only_for_types(context, parent):
            context.edits.statements[parent] = []
    _fallbacks(context)
    if first and block:
        _insert_at_top(context, block)


def _only_for_types(context: FileContext, node: ast.If) -> bool:
    """Whether an ``if TYPE_CHECKING:`` has become empty."""
    empty = all(context.edits.statements.get(statement) == [] for statement in node.body)
    return empty and not node.orelse and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _without_standard(context: FileContext, place: ast.stmt, block: str) -> str:
    """The block less its standard-library lines, which go below those of the file."""
    before = [s for s in context.edits.tree.body if s.lineno < place.lineno]
    standard = [
        s
        for s in before
        if isinstance(s, ast.Import | ast.ImportFrom)
        and _section(ast.unparse(s)) == 0
        and "__future__" not in ast.unparse(s)
    ]
    lines = block.split("\n")
    own = [line for line in lines if line and _section(line) == 0]
    if not own or not standard:
        return block
    insert_after(context, standard[-1], [Verbatim("\n".join(own))])
    return "\n".join(lines[len(own) :]).lstrip("\n")


def _import_statements(context: FileContext) -> list[ast.Import | ast.ImportFrom]:
    found = context.edits.nodes(ast.Import, ast.ImportFrom)
    return sorted(found, key=lambda node: context.edits.spans[node])


def _import_lines(
    context: FileContext, node: ast.Import | ast.ImportFrom, needed: list[ast.alias]
) -> list[str]:
    """An import of the names ``needed``; PyTorch's that other files hand on come from PyTorch."""
    direct = [
        alias
        for alias in needed
        if imports_torch(node, alias) or not brings_torch(context, node, alias)
    ]
    lines: list[str] = []
    if direct:
        marked = any(imports_torch(node, alias) for alias in direct)
        lines.append(ast.unparse(_with_names(node, direct)) + (STILL_NEEDED if marked else ""))
    for alias in needed:
        if alias not in direct:
            name = bound_by(alias)
            lines.append(import_line(name, context.facts.imports[name]) + STILL_NEEDED)
    return lines


def _kept_with_their_fallbacks(context: FileContext, kept: set[str]) -> set[str]:
    """Names whose fallback is not taken, because another import beside theirs stays."""
    found: set[str] = set()
    for node in context.edits.nodes(ast.Try):
        match node:
            case ast.Try(body=body, handlers=[ast.ExceptHandler(body=instead)]):
                imports = [s for s in body if isinstance(s, ast.Import | ast.ImportFrom)]
                bound = {bound_by(alias) for statement in imports for alias in statement.names}
                if bound & kept:
                    defined = (s for s in instead if isinstance(s, ast.FunctionDef | ast.ClassDef))
                    found |= bound & {s.name for s in defined}
    return found


def _fallbacks(context: FileContext) -> None:
    """Let what stands in for PyTorch's names where they cannot be imported define them."""
    for node in context.edits.nodes(ast.Try):
        match node:
            case ast.Try(handlers=[ast.ExceptHandler(body=body)], orelse=[], finalbody=[]) if all(
                context.edits.statements.get(statement) == [] for statement in node.body
            ) and any(isinstance(s, ast.FunctionDef | ast.ClassDef) for s in body):
                context.edits.statements[node] = [Keep(statement) for statement in body]


def _with_names(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names)
    return ast.ImportFrom(node.module, names, node.level)


def _insert_at_top(context: FileContext, block: str) -> None:
    last: ast.stmt | None = None
    body = context.edits.tree.body
    for statement in body:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        is_standard = is_import and _section(ast.unparse(statement)) == 0
        if not is_docstring and not is_future and not is_standard:
            break
        last = statement
    if last is not None:
        is_standard = _section(block) == 0  # which goes on where the file's own end
        insert_after(context, last, [Verbatim(block if is_standard else f"\n{block}")])
        return
    place, source = 0, context.edits.text.source
    while re.match(r"#!|#.*coding[:=]", source[place:].partition("\n")[0]):
        place = source.index("\n", place) + 1
    starts_with_import = body and isinstance(body[0], ast.Import | ast.ImportFrom)
    text = f"{block}\n" if starts_with_import else f"{block}\n\n\n"
    context.edits.replace_text(context.edits.tree, place, place, text)


def insert_after_imports(context: FileContext, text: str) -> None:
    """Print definitions after the imports that they need: those of the head, and PyTorch's."""
    last: ast.stmt | None = None
    body = context.edits.tree.body
    needed = next((s for s in body if _replaced_by_block(context, s)), None)
    for statement in body:
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        guarded = isinstance(statement, ast.If | ast.Try) and all(
            isinstance(inner, ast.Import | ast.ImportFrom) for inner in statement.body
        )
        if isinstance(statement, ast.Import | ast.ImportFrom) or is_docstring or guarded:
            last = statement
        elif needed is None or needed.lineno < statement.lineno:
            break
    if last is None:
        insert_before(context, body[0], [Verbatim(f"{text}\n\n")])
    else:
        insert_after(context, last, [Verbatim(f"\n\n{text}")])


def _replaced_by_block(context: FileContext, statement: ast.stmt) -> bool:
    """Whether a statement is an import in whose place `imports` may print the new ones."""
    return isinstance(statement, ast.Import | ast.ImportFrom) and any(
        brings_torch(context, statement, alias) for alias in statement.names
    )


def import_block(lines: Iterable[str], present: set[str]) -> str:
    """Import lines in the usual order; ``from`` imports of one module together."""
    grouped: dict[str, list[str]] = {}
    plain: list[str] = []
    for line in sorted(set(lines) - present):
        match = re.fullmatch(r"from (\S+) import (.+)", line)
        if match:
            grouped.setdefault(match[1], []).append(match[2])
        else:
            plain.append(line)
    plain += [
        f"from {module} import {', '.join(sorted(names))}" for module, names in grouped.items()
    ]

    def order(line: str) -> tuple[int, bool, str]:
        return _section(line), line.startswith("from "), line

    ordered = sorted(plain, key=order)
    block: list[str] = []
    for number, line in enumerate(ordered):
        if number and _section(line) != _section(ordered[number - 1]):
            block.append("")
        block.append(line)
    return "\n".join(block)


def _section(line: str) -> int:
    """0 for the standard library, 1 for other packages, 2 for modules of the project."""
    name = line.split()[1]
    if name.startswith((".", "_")) and not name.startswith("__"):
        return 2
    return 0 if name.partition(".")[0] in sys.stdlib_module_names else 1
