"""Which statements of the code under test no run reaches: about them a verdict says nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

from tojax.verify.targets import GET_INIT_INPUTS, GET_INPUTS

Function = ast.FunctionDef | ast.AsyncFunctionDef
Span = tuple[int, int]

# They refuse inputs, or compile to nothing of which a trace could tell.
_SILENT = (ast.Raise, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)
_FOR_PEOPLE = {"extra_repr", GET_INPUTS, GET_INIT_INPUTS}


class Lines:
    """While entered, notes the lines of one file that this thread runs."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self.ran: set[int] = set()

    def __enter__(self) -> Lines:
        sys.settrace(self._called)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._ran if frame.f_code.co_filename == self._file else None

    def _ran(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.ran.add(frame.f_lineno)
        return self._ran


def unreached(source: str, target: str, ran: set[int]) -> list[str]:
    """What did not run, of a target and of the functions that it calls.

    Args:
        source: the file's text.
        target: a class or function of it.
        ran: numbers of the lines that ran.

    Returns:
        ``Net.sample`` for a method of the target that was never called, else ``line 12`` or
        ``lines 12-14``. Statements that only raise are left out.
    """
    tree = ast.parse(source)
    own = set(map(id, _methods(tree, target)))
    named, spans = [], []
    for function, owner in _functions(tree):
        if function.name in _FOR_PEOPLE:
            continue
        missing = list(_missing(function.body, ran))
        if _has_run(function.body, ran):
            spans += missing
        elif missing and id(function) in own and not function.name.startswith("__"):
            named.append(f"{owner}.{function.name}")
    return [*named, *(_text(span) for span in sorted(spans))]


def _methods(tree: ast.Module, target: str) -> Iterator[Function]:
    """The methods of a class, inherited ones of this file among them, overridden ones not."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    wanted, names = [target], set(_FOR_PEOPLE)
    while wanted:
        found = classes.pop(wanted.pop(), None)
        if found is not None:
            new = [n for n in found.body if isinstance(n, Function) and n.name not in names]
            yield from new
            names |= {method.name for method in new}
            wanted += [base.id for base in found.bases if isinstance(base, ast.Name)]


def _functions(tree: ast.Module) -> Iterator[tuple[Function, str]]:
    """Functions and methods of a file, each with the name of its class."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node, ""
        elif isinstance(node, ast.ClassDef):
            yield from ((item, node.name) for item in node.body if isinstance(item, Function))


def _missing(body: Sequence[ast.stmt], ran: set[int]) -> Iterator[Span]:
    """The spans of statements that did not run, neighbours as one."""
    span: Span | None = None
    for statement in body:
        whole = statement.lineno, statement.end_lineno or statement.lineno
        if _is_silent(statement):
            continue
        if not (isinstance(statement, ast.Try) or _head_has_run(statement, ran)):
            span = (span[0], whole[1]) if span else whole
            continue
        if span:
            yield span
            span = None
        for block in _blocks(statement):
            yield from _missing(block, ran)
    if span:
        yield span


def _is_silent(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
            return True
    return isinstance(statement, _SILENT)


def _head_has_run(statement: ast.stmt, ran: set[int]) -> bool:
    blocks = [block for block in _blocks(statement) if block]
    last = blocks[0][0].lineno - 1 if blocks else statement.end_lineno or statement.lineno
    first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    return any(line in ran for line in range(first, max(first, last) + 1))


def _has_run(body: Sequence[ast.stmt], ran: set[int]) -> bool:
    return any(line in ran for line in range(body[0].lineno, (body[-1].end_lineno or 0) + 1))


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks inside a statement; those of functions and classes too, which run later."""
    blocks: list[list[ast.stmt]] = [
        getattr(statement, name, []) for name in ("body", "orelse", "finalbody")
    ]
    for name in ("handlers", "cases"):
        blocks += [part.body for part in getattr(statement, name, [])]
    return blocks


def _text(span: Span) -> str:
    first, last = span
    return f"line {first}" if first == last else f"lines {first}-{last}"
