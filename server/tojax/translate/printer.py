"""Prints a file with its replacements: untouched text byte for byte, new nodes from their tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tojax.translate.edits import Comment, Edits, Keep, Moved, Verbatim
from tojax.translate.expression_text import ExpressionText
from tojax.translate.precedence import ATOM, NAMED, TEST, TUPLE, precedence, required

_INDENT = "    "


class Printer(ExpressionText):
    """Prints one file; make a new one after the edits changed."""

    def __init__(self, edits: Edits) -> None:
        self.edits = edits
        self.source = edits.text.source
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
                gap = self.source[place : self.decorated_start(child)]
                at_line_start = place == self._line_start(child_start) and not gap.strip()
                if not self.edits.moved[child]:
                    out.append(gap.rstrip())
                place = self._end_of_line(child_end)
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
        before = [s for s in ast.iter_child_nodes(parent) if isinstance(s, ast.stmt)]
        before = before[: before.index(node)]
        first = all(s in self.edits.moved or self.edits.statements.get(s) == [] for s in before)
        indent = self.indentation(node)
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
                if not self._bracketed(start, end):
                    text = f"({text})"
            return gap, text, end
        return gap, self._splice(child, start, end), end

    def _bracketed(self, start: int, end: int) -> bool:
        before = self.source[:start].rstrip()[-1:]
        after = self.source[end:].lstrip()[:1]
        return before == "(" and after == ")"

    def _parts(self, node: ast.AST) -> Iterator[tuple[int, int, ast.AST | str]]:
        parts: list[tuple[int, int, ast.AST | str]] = list(self._pieces_of.get(node, ()))
        queue = [node]
        while queue:
            for child in ast.iter_child_nodes(queue.pop()):
                span = self.edits.spans.get(child)
                if span is None:
                    queue.append(child)
                else:
                    parts.append((*span, child))
        yield from sorted(parts, key=lambda part: part[:2])

    # statements

    def _end_of_line(self, offset: int) -> int:
        """The end of a statement's line, if only a comment follows."""
        line_end = self.source.find("\n", offset)
        rest = self.source[offset : line_end if line_end >= 0 else None]
        return offset + len(rest) if not rest.strip() or rest.lstrip().startswith("#") else offset

    def _line_start(self, offset: int) -> int:
        return self.edits.text.starts[self.edits.text.position(offset).line]

    def indentation(self, node: ast.stmt) -> str:
        """The white space before a statement."""
        start = self.decorated_start(node)
        before = self.source[self._line_start(start) : start]
        return before if not before.strip() else re.match(r"\s*", before).group()  # type: ignore[union-attr]

    def decorated_start(self, node: ast.AST) -> int:
        """Where a statement starts, its decorators included."""
        start = self.edits.spans[node][0]
        decorators = getattr(node, "decorator_list", None)
        if decorators:
            first = self.edits.spans[decorators[0]][0]
            return self.source.rindex("@", 0, first)
        return start

    def _statement_in_place(
        self, node: ast.stmt, place: int, start: int, end: int
    ) -> tuple[str, str, int]:
        start = self.decorated_start(node)
        gap = self.source[place:start]
        indent = self.indentation(node)
        if node in self.edits.statements and not self.edits.statements[node]:
            return self._removed(node, place, start, end)
        text = self.statement(node, indent)
        shared = self._shares_line(start, end)
        if shared and "\n" in text and node in self.edits.statements:
            head = self.source[self._line_start(start) : start]
            if head.strip():
                text = f"\n{indent}{_INDENT if head.rstrip().endswith(':') else ''}" + text
        return gap, text, end

    def _shares_line(self, start: int, end: int) -> bool:
        head = self.source[self._line_start(start) : start]
        return bool(head.strip()) or self.source[end:].lstrip(" \t")[:1] == ";"

    def _removed(self, node: ast.stmt, place: int, start: int, end: int) -> tuple[str, str, int]:
        gap = self.source[place:start]
        if self._shares_line(start, end) or self._alone(node):
            return gap, "pass", end
        line_start = self._line_start(start)
        if self._nothing_follows(node):
            return self.source[place:line_start].rstrip(), "", self._end_of_line(end)
        line_end = self.source.find("\n", end)
        rest = self.source[end : len(self.source) if line_end < 0 else line_end]
        if rest.strip() and not rest.lstrip().startswith("#"):
            return gap, "pass", end
        after = len(self.source) if line_end < 0 else line_end + 1
        before = self.source[:line_start].rstrip(" \t")
        if before.endswith((":\n", "\n\n")) and self.source[after : after + 1] == "\n":
            after += 1
        return self.source[place : max(line_start, place)], "", after

    def _nothing_follows(self, node: ast.stmt) -> bool:
        """Whether a removed statement and those after it are the end of a function or block."""
        parent = self.edits.parents[node]
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and node in block and not isinstance(parent, ast.Module):
                return not any(
                    self.edits.statements.get(s, [s]) for s in block[block.index(node) :]
                )
        return False

    def _alone(self, node: ast.stmt) -> bool:
        """Whether removing a statement (and its removed neighbours) would empty a block."""
        parent = self.edits.parents[node]
        for name in ("body", "orelse", "finalbody", "handlers"):
            block = getattr(parent, name, None)
            if isinstance(block, list) and node in block:
                if isinstance(parent, ast.Module):
                    return False
                kept = [s for s in block if self.edits.statements.get(s, [s])]
                return not kept and node is block[-1]
        return False

    def statement(self, node: ast.stmt, indent: str) -> str:
        """A statement, original or made, without the indentation of its first line."""
        replacement = self.edits.statements.get(node)
        if replacement is not None:
            return self.body(replacement, indent) or "pass"
        if node not in self.edits.spans:
            return self._made_statement(node, indent)
        return self._original_statement(node)

    def _original_statement(self, node: ast.stmt) -> str:
        start, end = self.decorated_start(node), self.edits.spans[node][1]
        if node not in self._dirty:
            return self.source[start:end]
        text = self._splice(node, start, end)
        text = self._kept_comments(node, start, end, text, self.indentation(node))
        return self._noted(node, text)

    def body(self, statements: list[ast.stmt], indent: str) -> str:
        """Statements at one indentation; the first line is not indented."""
        printed = []
        for statement in statements:
            text = self.statement(statement, indent)
            original = statement.statement if isinstance(statement, Keep) else statement
            if original in self.edits.spans:
                text = _reindent(text, self.indentation(original), indent)
            printed.append(text)
        rest = "".join(f"\n{indent}{text}" if text else "\n" for text in printed[1:])
        return f"{printed[0]}{rest}".rstrip("\n") if printed else ""

    def _moved(self, node: Moved, indent: str) -> str:
        first, last = node.statements[0], node.statements[-1]
        parent = self.edits.parents[first]
        start, end = self.decorated_start(first), self._end_of_line(self.edits.spans[last][1])
        text = self._splice_range(parent, node.statements, start, end)
        return _reindent(text, self.indentation(first), indent)

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

    def _kept_comments(self, node: ast.stmt, start: int, end: int, text: str, indent: str) -> str:
        """Comments inside a rewritten expression move to lines of their own above it."""
        original = self.source[start:end]
        if "#" not in original or hasattr(node, "body"):
            return text
        kept = _comments(text)
        lost = []
        for comment in _comments(original):
            if comment in kept:
                kept.remove(comment)
            else:
                lost.append(comment)
        return f"\n{indent}".join([*lost, text])

    def _noted(self, node: ast.stmt, text: str) -> str:
        notes = self.edits.notes.get(node)
        if not notes:
            return text
        comment = "  # " + "; ".join(dict.fromkeys(notes))
        first, newline, rest = text.partition("\n")
        if not newline:
            return first + comment
        strings = _multiline_strings(text)
        if 1 in strings or first.rstrip().endswith("\\"):
            return f"{comment.strip()}\n{self.indentation(node)}{text}"
        return f"{first}{comment}\n{rest}"

    def _bare(self, node: ast.expr) -> str:
        """An expression at the top of a statement, where a tuple needs no brackets."""
        if isinstance(node, ast.Tuple) and node not in self.edits.spans and len(node.elts) > 1:
            return ", ".join(self.text_of(item, TEST) for item in node.elts)
        return self.text_of(node, TUPLE)

    def _made_statement(self, node: ast.stmt, indent: str) -> str:
        inner = indent + _INDENT
        match node:
            case Moved():
                return self._moved(node, indent)
            case Comment(text=text):
                return f"# {text}"
            case Verbatim(text=text):
                return text
            case Keep(statement=statement):
                return self._original_statement(statement)
            case ast.Expr(value=value):
                return self.text_of(value, NAMED)
            case ast.Return(value=None):
                return "return"
            case ast.Return(value=ast.expr() as value):
                return f"return {self._bare(value)}"
            case ast.Assign(targets=targets, value=value):
                left = " = ".join(self._bare(target) for target in targets)
                return f"{left} = {self._bare(value)}"
            case ast.AugAssign(target=target, op=operator, value=value):
                symbol = self.operator(operator)
                return f"{self.text_of(target, TUPLE)} {symbol}= {self.text_of(value, TUPLE)}"
            case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                left = f"{self.text_of(target, TUPLE)}: {self.text_of(annotation, TUPLE)}"
                return f"{left} = {self.text_of(value, TUPLE)}"
            case ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=decorators):
                head = "".join(f"@{self.text_of(d, NAMED)}\n{indent}" for d in decorators)
                returns = f" -> {self.text_of(node.returns, NAMED)}" if node.returns else ""
                signature = f"{head}def {name}({self.arguments(arguments)}){returns}:"
                return f"{signature}\n{inner}{self.body(body, inner)}\n"
            case ast.If(test=test, body=body, orelse=orelse):
                text = f"if {self.text_of(test, NAMED)}:\n{inner}{self.body(body, inner)}"
                if orelse:
                    text += f"\n{indent}else:\n{inner}{self.body(orelse, inner)}"
                return text
            case ast.For(target=target, iter=iterable, body=body):
                head = f"for {self.text_of(target, TUPLE)} in {self.text_of(iterable, TUPLE)}:"
                return f"{head}\n{inner}{self.body(body, inner)}"
            case ast.Delete(targets=targets):
                return "del " + ", ".join(self.text_of(target, TUPLE) for target in targets)
            case ast.Pass():
                return "pass"
            case ast.Nonlocal(names=names):
                return "nonlocal " + ", ".join(names)
            case _:
                return ast.unparse(node)


def _reindent(text: str, old: str, new: str) -> str:
    """Move all but the first line from one indentation to another, strings excepted."""
    if old == new or "\n" not in text:
        return text
    strings = _multiline_strings(text)
    first, *rest = text.split("\n")
    moved = [
        new + line.removeprefix(old)
        if number not in strings and line.strip() and line.startswith(old)
        else line
        for number, line in enumerate(rest, start=1)
    ]
    return "\n".join([first, *moved])


_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<string>(?:[rRbBfFuU]{0,2})(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}"""
    r"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))""",
    re.DOTALL,
)


def _comments(text: str) -> list[str]:
    return [match["comment"].rstrip() for match in _TOKENS.finditer(text) if match["comment"]]


def _multiline_strings(text: str) -> set[int]:
    """Numbers of the lines that begin inside a string."""
    found: set[int] = set()
    for match in _TOKENS.finditer(text):
        if match["string"] and "\n" in match["string"]:
            first = text.count("\n", 0, match.start())
            found.update(range(first + 1, first + 1 + match["string"].count("\n")))
    return found
