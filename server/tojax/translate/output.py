"""Puts a translated file together: imports, helpers, body; and makes sure that it parses."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterator
from functools import lru_cache

from tojax.nouns import Translation, Unresolved
from tojax.source.text import Text
from tojax.source.trees import walk
from tojax.translate.context import FileContext
from tojax.translate.helpers import HelperLibrary
from tojax.translate.late_imports import late_imports
from tojax.translate.passes.imports import (
    bound_by,
    import_block,
    imports,
    insert_after_imports,
    torch_names,
)
from tojax.translate.passes.known_tests import known_tests
from tojax.translate.passes.leftovers import (
    empty_branches,
    pointless_statements,
    same_branches,
    unused_devices,
)
from tojax.translate.printing import Printer


def identifiers(context: FileContext) -> set[str]:
    """Names that a file uses for its own things, which helpers must not take."""
    from_torch = set(torch_names(context))
    taken: set[str] = {"rngs", "jax", "jnp", "nnx", "optax", "np", "lax", "functools", "math"}
    for node in context.edits.nodes(
        ast.Name, ast.arg, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.alias
    ):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                taken.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                taken.add(name)
            case ast.ClassDef(name=name):
                taken.add(name)
            case ast.alias() if bound_by(node) not in from_torch:
                taken.add(bound_by(node))
    return taken


def render(
    context: FileContext,
    library: HelperLibrary,
    *,
    filename: str | None = None,
    origin: str = "",
) -> Translation:
    """The translation of one file after all passes.

    Args:
        context: the file with its edits.
        library: receives the helpers that the file needs.
        filename: recorded in the translation.
        origin: module that the helpers are imported from; empty to define them in the file.
    """
    known_tests(context)
    same_branches(context)
    pointless_statements(context)
    empty_branches(context)
    for key in context.opened:
        library.open(key)
    for key, references in context.helpers.items():
        for reference in references:
            reference.id = library.name(key)
    body = Printer(context.edits).module()
    tree = parsed(body)
    if unused_devices(context, tree):
        body = Printer(context.edits).module()
        tree = parsed(body)
    read = _names_read(tree)
    used = [key for key in context.helpers if library.name(key) in read]
    for key in used:
        library.require(key)
    needed = {line for line in context.imports if _binds(line) in read}
    if origin:
        needed |= {f"from {origin} import {library.name(key)}" for key in used}
    else:
        needed |= library.imports
    provided = {library.name(key) for key in used} | {_binds(line) for line in needed}
    aliases = torch_names(context)
    kept = {n.id for n in context.kept if isinstance(n, ast.Name) and n.id in aliases}
    if aliases.keys() & read:
        kept |= _modules_as_values(context, tree, body, aliases.keys() - kept - provided)
    needed |= {aliases[name] for name in kept if aliases[name]}
    imports(context, kept, import_block(needed, _present_imports(context)))
    helpers = library.source() if not origin and used else ""
    if helpers:
        insert_after_imports(context, helpers)
    code = Printer(context.edits).module()
    code = late_imports(_tidy_start(code, context.edits.text.source))
    parsed(code.replace(helpers, "", 1) if helpers else code)  # the library's own code does
    return Translation(
        code=code,
        unresolved=_in_order(context),
        rules=tuple(context.rules),
        filename=filename,
    )


def _names_read(tree: ast.Module) -> set[str]:
    """The names that a file's code reads, and those that its annotations do in quotes."""
    read: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Name):
            read.add(node.id)
            continue
        annotation = None
        if isinstance(node, ast.arg | ast.AnnAssign):
            annotation = node.annotation
        elif isinstance(node, ast.FunctionDef):
            annotation = node.returns
        if annotation is not None and not isinstance(annotation, ast.Name):
            quoted = (n.value for n in walk(annotation) if isinstance(n, ast.Constant))
            read.update(*(re.findall(r"\w+", text) for text in quoted if isinstance(text, str)))
    return read


@lru_cache(maxsize=1)
def parsed(code: str) -> ast.Module:
    """The tree of an output, which makes sure that it parses; not to be changed.

    Raises:
        RecursionError: expressions nest deeper than Python's parser allows.
    """
    try:
        return ast.parse(code)
    except SyntaxError as error:
        if "too many nested" in str(error):
            raise RecursionError("the translation nests too deeply for Python's parser") from None
        raise AssertionError(f"the translation does not parse: {error}") from error


def _binds(line: str) -> str:
    """The name that an import line binds."""
    (statement,) = ast.parse(line).body
    assert isinstance(statement, ast.Import | ast.ImportFrom)
    return bound_by(statement.names[0])


def _in_order(context: FileContext) -> tuple[Unresolved, ...]:
    return tuple(
        sorted(
            context.unresolved.values(),
            key=lambda item: (item.range.start.line, item.range.start.column),
        )
    )


def _modules_as_values(
    context: FileContext, tree: ast.Module, body: str, names: set[str]
) -> set[str]:
    """Those of some names from PyTorch that the output still reads: ``torch is not None``."""
    read: set[str] = set()
    tables = [
        symtable.symtable(text, "<output>", "exec") for text in _statements_with(names, tree, body)
    ]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        read |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
    own = context.facts.functions.keys() | context.facts.classes.keys()
    found = (names & read) - own
    for node in context.edits.nodes(ast.Name):
        if node.id in found and not isinstance(context.edits.parents[node], ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                context.leave(node, "TJ201", context.name(node), "PyTorch itself has no JAX form")
    return found


def _statements_with(names: set[str], tree: ast.Module, code: str) -> Iterator[str]:
    """The lines of each top-level statement in which one of some names is written."""
    if not names:
        return
    written = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b")
    starts = [*Text(code).starts, len(code)]
    for statement in tree.body:
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(node.lineno for node in decorators)])
        lines = code[starts[first - 1] : starts[statement.end_lineno or first]]
        if written.search(lines):
            yield lines


def _present_imports(context: FileContext) -> set[str]:
    """The import lines that the file has; typing's names serve as well as collections.abc's."""
    present: set[str] = set()
    for statement in context.edits.tree.body:
        if isinstance(statement, ast.Import):
            present |= {ast.unparse(ast.Import([alias])) for alias in statement.names}
        elif isinstance(statement, ast.ImportFrom):
            present |= {
                ast.unparse(ast.ImportFrom(statement.module, [alias], statement.level))
                for alias in statement.names
            }
            if statement.module == "typing":
                names = [ast.unparse(alias) for alias in statement.names]
                present |= {f"from collections.abc import {name}" for name in names}
    return present


def _tidy_start(code: str, source: str) -> str:
    return code.lstrip("\n") if not source.startswith("\n") else code
