"""Prints a file with its replacements: untouched text byte for byte, new nodes from their tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tojax.source.trees import children
from tojax.translate.edits import Comment, Edits, Keep, Moved, Verbatim
from tojax.translate.printing.layout import lines_in_strings, lost_comments, reindented
from tojax.translate.printing.places import Places
from tojax.translate.printing.precedence import ATOM, TUPLE, precedence, required
from tojax.translate.printing.removal import removed
from tojax.translate.printing.statement_text import INDENT, StatementText

_TRIPLE_QUOTED = re.compile(r"""[a-zA-Z]*("{3}|'{3})""")


class Printer(StatementText):
    """Prints one file; make a new one after the edits changed."""

    def __init__(self, edits: Edits) -> None:
        self.edits = edits
        self.source = edits.text.source
        self._places = Places(edits)
        self._dirty = edits.dirty()
        self._pieces_of: dict[ast.AST, list[tuple[int, int, str]]] = {}
        for (start, end), (owner, text) in edits.pieces.items():
            self._pieces_of.setdefault(owner, []).append((start, end, text))

    def module(self) -> str:
        """The whole file."""
        return self._splice(self.edits.tree, 0, len(self.source))

    def slice(self, node: ast.AST, start: int, end: int) -> str:
        """A stretch of one original node."""
        return self._splice(node, start, end)

    def is_original(self, node: ast.AST) -> bool:
        """Whether a node comes from the parsed source."""
        return self.edits.is_original(node)

    # expressions

    def expression(self, node: ast.expr) -> tuple[str, int]:
        """Text and precedence of an expression, original or made."""
        replacement = self.edits.expressions.get(node)
        if replacement is not None:
            return self.expression(replacement)
        if node not in self.edits.spans:
            return self.made(node)
        if node not in self._dirty:
            return self.edits.source(node), self._own_precedence(node)
        if isinstance(node, ast.JoinedStr):
            return self.made(node)
        start, end = self.edits.spans[node]
        return self._splice(node, start, end), self._own_precedence(node)

    def _own_precedence(self, node: ast.expr) -> int:
        if isinstance(node, ast.Tuple | ast.GeneratorExp):
            return ATOM if self.edits.source(node).startswith("(") else TUPLE
        if isinstance(node, ast.Constant | ast.JoinedStr):
            # adjacent literals on several lines, unlike one of three quotes, need brackets
            source = self.edits.source(node)
            alone = "\n" not in source or _TRIPLE_QUOTED.match(source)
            return ATOM if alone else ATOM - 1
        return precedence(node)

    # original text with replaced parts

    def _splice(self, node: ast.AST, start: int, end: int) -> str:
        """The text between two offsets inside ``node``, with replaced children in their places."""
        out: list[str] = []
        place = start
        for child_start, child_end, child in self._parts(node):
            if child_start < place or child_end > end:
                continue
            if isinstance(child, str):
                out += [self.source[place:child_start], child]
                place = child_end
            elif child in self.edits.moved:
                gap = self.source[place : self._places.start(child)]
                at_line_start = place == self._places.line_start(child_start) and not gap.strip()
                if not self.edits.moved[child]:
                    out.append(gap.rstrip())
                place = self._places.end_of_line(child_end)
                if at_line_start and self.source[place : place + 1] == "\n":
                    place += 1
            elif child in self._dirty:
                before, text, place_after = self._child(node, child, place, child_start, child_end)
                out.append(before)
                if self._becomes_function(child):
                    out = [self._spaced("".join(out), child)]
                out.append(text)
                place = place_after
        out.append(self.source[place:end])
        return "".join(out)

    def _becomes_function(self, node: ast.AST) -> bool:
        made = self.edits.statements.get(node, [])[:1] if isinstance(node, ast.stmt) else []
        return any(isinstance(s, ast.FunctionDef) and s not in self.edits.spans for s in made)

    def _spaced(self, printed: str, node: ast.AST) -> str:
        """The text before a made function, with the usual blank lines at its end."""
        assert isinstance(node, ast.stmt)
        text = printed.rstrip()
        if "\n" not in printed[len(text) :]:
            return printed
        parent = self.edits.parents[node]
        before = [s for s in children(parent) if isinstance(s, ast.stmt)]
        before = before[: before.index(node)]
        first = all(s in self.edits.moved or self.edits.statements.get(s) == [] for s in before)
        indent = self._places.indentation(node)
        blank = 0 if first or text.rpartition("\n")[2].lstrip().startswith("#") else 1
        return text + "\n" * (1 + blank * (1 if indent else 2)) + indent

    def _child(
        self, parent: ast.AST, child: ast.AST, place: int, start: int, end: int
    ) -> tuple[str, str, int]:
        if isinstance(child, ast.stmt):
            return self._statement_in_place(child, place, start, end)
        gap = self.source[place:start]
        if isinstance(child, ast.expr):
            text, level = self.expression(child)
            if level < required(parent, child) or (level < ATOM and "\n" in text):
                if not self._places.is_bracketed(start, end):
                    text = f"({text})"
            return gap, text, end
        return gap, self._splice(child, start, end), end

    def _parts(self, node: ast.AST) -> Sequence[tuple[int, int, ast.AST | str]]:
        parts = self.edits.parts(node)
        pieces = self._pieces_of.get(node)
        return sorted([*pieces, *parts], key=lambda part: part[:2]) if pieces else parts

    # statements

    def _statement_in_place(
        self, node: ast.stmt, place: int, start: int, end: int
    ) -> tuple[str, str, int]:
        start = self._places.start(node)
        gap = self.source[place:start]
        indent = self._places.indentation(node)
        if node in self.edits.statements and not self.edits.statements[node]:
            return removed(self.edits, self._places, node, place, start, end)
        text = self.statement(node, indent)
        shared = self._places.shares_line(start, end)
        if shared and "\n" in text and node in self.edits.statements:
            head = self.source[self._places.line_start(start) : start]
            if head.strip():
                text = f"\n{indent}{INDENT if head.rstrip().endswith(':') else ''}" + text
        return gap, text, end

    def statement(self, node: ast.stmt, indent: str) -> str:
        """A statement, original or made, without the indentation of its first line."""
        replacement = self.edits.statements.get(node)
        if replacement is not None:
            text = self.body(replacement, indent) or "pass"
            is_kept = any(isinstance(s, Keep) and s.statement is node for s in replacement)
            return text if is_kept else self._noted(node, text)
        match node:
            case Moved():
                return self._moved(node, indent)
            case Comment(text=text):
                return f"# {text}"
            case Verbatim(text=text):
                return text
            case Keep(statement=statement):
                return self._original_statement(statement)
        is_original = node in self.edits.spans
        return self._original_statement(node) if is_original else self.made_statement(node, indent)

    def _original_statement(self, node: ast.stmt) -> str:
        start, end = self._places.start(node), self.edits.spans[node][1]
        if node not in self._dirty:
            return self.source[start:end]
        text = self._splice(node, start, end)
        text = self._with_lost_comments(node, self.source[start:end], text)
        return self._noted(node, text)

    def body(self, statements: list[ast.stmt], indent: str) -> str:
        """Statements at one indentation; the first line is not indented."""
        printed = []
        for statement in statements:
            text = self.statement(statement, indent)
            original = statement.statement if isinstance(statement, Keep) else statement
            if original in self.edits.spans:
                text = reindented(text, self._places.indentation(original), indent)
            printed.append(text)
        rest = "".join(f"\n{indent}{text}" if text else "\n" for text in printed[1:])
        return f"{printed[0]}{rest}".rstrip("\n") if printed else ""

    def _moved(self, node: Moved, indent: str) -> str:
        first, last = node.statements[0], node.statements[-1]
        parent = self.edits.parents[first]
        # the comments above would go with the block
        start = (self._places.start_with_comments if node.in_place else self._places.start)(first)
        end = self.edits.spans[last][1]
        if not node.in_place or end != self.edits.spans[parent][1]:  # else what follows stays
            end = self._places.end_of_line(end)
        if node.in_place:
            text = self._splice(parent, start, end).lstrip()
        else:
            text = self._splice_range(parent, node.statements, start, end).lstrip()
        return reindented(text, self._places.indentation(first), indent)

    def _splice_range(
        self, parent: ast.AST, statements: list[ast.stmt], start: int, end: int
    ) -> str:
        out: list[str] = []
        place = start
        for child in statements:
            if child in self._dirty:
                span = self.edits.spans[child]
                before, text, place = self._child(parent, child, place, *span)
                out += [before, text]
        out.append(self.source[place:end])
        return "".join(out).rstrip() if place >= end else "".join(out)

    def _with_lost_comments(self, node: ast.stmt, original: str, text: str) -> str:
        """Comments inside a rewritten expression move to lines of their own above it."""
        if "#" not in original or hasattr(node, "body"):
            return text
        indent = self._places.indentation(node)
        return f"\n{indent}".join([*lost_comments(original, text), text])

    def _noted(self, node: ast.stmt, text: str) -> str:
        notes = self.edits.notes.get(node)
        if not notes:
            return text
        comment = "  # " + "; ".join(dict.fromkeys(notes))
        first, newline, rest = text.partition("\n")
        if not newline:
            return first + comment
        strings = lines_in_strings(text)
        if 1 in strings or first.rstrip().endswith("\\"):
            return f"{comment.strip()}\n{self._places.indentation(node)}{text}"
        return f"{first}{comment}\n{rest}"
