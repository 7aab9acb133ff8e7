"""The table of replacements that the passes fill in and the printer reads.

The parsed tree is never changed: a pass says that one of its nodes is to be replaced by another
expression, or a statement by several. Replacements may contain original nodes, which are printed
with their own replacements; everything else keeps its source text byte for byte.
"""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeVar

from tojax.source.text import Text
from tojax.source.trees import children

Node = TypeVar("Node", bound=ast.AST)
Other = TypeVar("Other", bound=ast.AST)


class Moved(ast.stmt):
    """Consecutive original statements, with the comments between them, at another indentation.

    ``in_place``: only the block around them goes; those of them that were moved away stay away.
    """

    _fields = ("statements",)

    def __init__(self, statements: list[ast.stmt], *, in_place: bool = False) -> None:
        super().__init__()
        self.statements = statements
        self.in_place = in_place


class Comment(ast.stmt):
    """A comment line of its own."""

    _fields = ()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Verbatim(ast.stmt):
    """Statements given as text, at the top level of a file."""

    _fields = ()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Keep(ast.stmt):
    """An original statement as it is, where other statements are printed beside it."""

    _fields = ()

    def __init__(self, statement: ast.stmt) -> None:
        super().__init__()
        self.statement = statement


class Source(ast.expr):
    """An expression given as text; ``precedence`` as in `tojax.translate.printing.precedence`."""

    _fields = ()

    def __init__(self, text: str, precedence: int) -> None:
        super().__init__()
        self.text = text
        self.precedence = precedence


@dataclass(eq=False)
class Edits:
    """Replacements for one file."""

    text: Text
    tree: ast.Module
    spans: dict[ast.AST, tuple[int, int]] = field(default_factory=dict)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    calls: dict[ast.AST, list[ast.Call]] = field(default_factory=dict)
    expressions: dict[ast.AST, ast.expr] = field(default_factory=dict)
    statements: dict[ast.AST, list[ast.stmt]] = field(default_factory=dict)
    pieces: dict[tuple[int, int], tuple[ast.AST, str]] = field(default_factory=dict)
    notes: dict[ast.AST, list[str]] = field(default_factory=dict)
    moved: dict[ast.AST, bool] = field(default_factory=dict)
    appended: dict[ast.AST, dict[str, str]] = field(default_factory=dict)
    _parts: dict[ast.AST, list[tuple[int, int, ast.AST]]] = field(default_factory=dict)
    _placed: dict[type[ast.AST], list[tuple[int, ast.AST]]] = field(default_factory=dict)
    _of_types: dict[tuple[type[ast.AST], ...], list[ast.AST]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        span = self.text.span
        stack: list[tuple[ast.AST, bool, ast.AST]] = [(self.tree, True, self.tree)]
        while stack:
            parent, placed, scope = stack.pop()
            # before Python 3.12 the places of expressions inside f-strings are not reliable
            placed = placed and not isinstance(parent, ast.JoinedStr)
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
                scope = parent
            for child in children(parent):
                made = child.__class__
                if not child._attributes and not child._fields:
                    continue  # operators and contexts, which all trees share
                self.parents[child] = parent
                if child._attributes and placed:
                    self.spans[child] = span(child)  # type: ignore[arg-type]
                    if made is ast.Call:
                        self.calls.setdefault(scope, []).append(child)  # type: ignore[arg-type]
                if made is not ast.Name and made is not ast.Constant:
                    stack.append((child, placed, scope))
        for place, node in enumerate(self.parents):
            self._placed.setdefault(node.__class__, []).append((place, node))

    def nodes(self, first: type[Node], *others: type[Other]) -> list[Node | Other]:
        """The original nodes of some types, in the order of ``parents``: not to be changed."""
        types = (first, *others)
        if types not in self._of_types:
            groups = [nodes for made, nodes in self._placed.items() if issubclass(made, types)]
            found = sorted(itertools.chain.from_iterable(groups), key=itemgetter(0))
            self._of_types[types] = [node for _, node in found]
        return self._of_types[types]  # type: ignore[return-value]

    def replace(self, old: ast.AST, new: ast.expr) -> None:
        """Print ``new`` where the original expression ``old`` stands."""
        self.expressions[old] = new

    def replace_statement(self, old: ast.stmt, new: list[ast.stmt]) -> None:
        """Print the statements ``new`` in place of ``old``; an empty list removes it.

        What was inserted around it stays.
        """
        present = self.statements.get(old, [])
        if any(_keeps(statement, old) for statement in present):
            parts = (new if _keeps(statement, old) else [statement] for statement in present)
            new = list(itertools.chain.from_iterable(parts))
        self.statements[old] = new

    def remove_statement(self, old: ast.stmt) -> None:
        """Leave an original statement out; what was inserted around it stays."""
        self.statements[old] = [new for new in self.statements.get(old, []) if not _keeps(new, old)]

    def stands(self, old: ast.stmt) -> bool:
        """Whether an original statement is printed, perhaps with others around it."""
        return old not in self.statements or any(_keeps(new, old) for new in self.statements[old])

    def move_away(self, statement: ast.stmt, *, with_gap: bool) -> None:
        """Leave a statement out of its place: a `Moved` prints it elsewhere.

        ``with_gap``: the comments above it are printed there too.
        """
        self.moved[statement] = with_gap

    def append(self, node: ast.AST, text: str) -> str:
        """What is appended to the arguments of a call, or parameters of a function, in all."""
        texts = self.appended.setdefault(node, {})
        texts[re.split("[=:]", text, maxsplit=1)[0]] = text
        return ", ".join(texts.values())

    def replace_text(self, owner: ast.AST, start: int, end: int, text: str) -> None:
        """Print ``text`` for a stretch of source that belongs directly to the node ``owner``."""
        self.pieces[start, end] = (owner, text)

    def note(self, node: ast.AST, text: str) -> None:
        """Append a comment to the line of the statement that contains ``node``."""
        self.notes.setdefault(self.statement_of(node), []).append(text)

    def is_original(self, node: ast.AST) -> bool:
        """Whether a node comes from the parsed source."""
        return node in self.spans

    def statement_of(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around an original node."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements that an original statement is one of: a body, an ``else``, a file."""
        parent = self.parents[statement]
        blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
        return next(block for block in blocks if isinstance(block, list) and statement in block)

    def parts(self, node: ast.AST) -> list[tuple[int, int, ast.AST]]:
        """The nearest nodes below one that have a place, with their spans, in order."""
        if node not in self._parts:
            found: list[tuple[int, int, ast.AST]] = []
            queue = [node]
            while queue:
                for child in children(queue.pop()):
                    span = self.spans.get(child)
                    if span is not None:
                        found.append((*span, child))
                    elif child._fields:
                        queue.append(child)
            self._parts[node] = sorted(found, key=_by_place)
        return self._parts[node]

    def source(self, node: ast.AST) -> str:
        """The original text of a node."""
        start, end = self.spans[node]
        return self.text.source[start:end]

    def dirty(self) -> set[ast.AST]:
        """The original nodes that contain something replaced."""
        found: set[ast.AST] = set()
        owners = [owner for owner, _ in self.pieces.values()]
        for node in (*self.expressions, *self.statements, *self.notes, *self.moved, *owners):
            current: ast.AST | None = node
            while current is not None and current not in found:
                found.add(current)
                current = self.parents.get(current)
        return found


def _by_place(part: tuple[int, int, ast.AST]) -> tuple[int, int]:
    return part[:2]


def _keeps(new: ast.stmt, old: ast.stmt) -> bool:
    return isinstance(new, Keep) and new.statement is old
