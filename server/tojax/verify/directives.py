"""Reads ``# tojax: init=(...) inputs=(...)`` comments directly above a class or a function."""

from __future__ import annotations

import ast
import io
import itertools
import tokenize
from dataclasses import dataclass
from typing import Literal

MARK = "tojax:"
KEYS = ("init", "inputs")


class DirectiveError(ValueError):
    """A directive that cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Directive:
    """What a directive says: expressions as text, to be evaluated where the target lives."""

    name: str
    kind: Literal["class", "function"]
    init: str | None = None
    inputs: str | None = None


def read_directives(source: str, tree: ast.Module) -> list[Directive]:
    """All directives of a source text in order of appearance.

    Args:
        source: the text.
        tree: its syntax tree.

    Raises:
        DirectiveError: a directive is not of the form ``init=<expression> inputs=<expression>``.
    """
    lines = source.splitlines()
    found = []
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        text = _comment_above(lines, first - 1)
        if text is None:
            continue
        try:
            parts = split_directive(text)
        except DirectiveError as error:
            raise DirectiveError(f"directive of {node.name}: {error}") from None
        kind: Literal["class", "function"] = (
            "class" if isinstance(node, ast.ClassDef) else "function"
        )
        found.append(Directive(node.name, kind, parts.get("init"), parts.get("inputs")))
    return found


def _comment_above(lines: list[str], index: int) -> str | None:
    """The text of the directive lines in the comment block that ends above ``lines[index]``."""
    texts: list[str] = []
    while index > 0 and lines[index - 1].lstrip().startswith("#"):
        index -= 1
        comment = lines[index].lstrip().lstrip("#").strip()
        if comment.startswith(MARK):
            texts.insert(0, comment.removeprefix(MARK).strip())
    return " ".join(texts) if texts else None


def split_directive(text: str) -> dict[str, str]:
    """``"init=(2,) inputs=(x, y)"`` → ``{"init": "(2,)", "inputs": "(x, y)"}``.

    Raises:
        DirectiveError: unknown or repeated key, or a value that is no Python expression.
    """
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except tokenize.TokenError as error:
        raise DirectiveError(f"cannot be read: {error.args[0]}") from None
    depth = 0
    starts: list[tuple[str, int, int]] = []
    for token, following in itertools.pairwise(tokens):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
        if depth == 0 and token.type == tokenize.NAME and following.string == "=":
            starts.append((token.string, token.start[1], following.end[1]))
    if not starts or text[: starts[0][1]].strip():
        raise DirectiveError(f"expected init=… or inputs=…, found {text!r}")
    parts: dict[str, str] = {}
    ends = [start for _, start, _ in starts[1:]] + [len(text)]
    for (key, _, begin), end in zip(starts, ends, strict=True):
        value = text[begin:end].strip().rstrip(",").strip()
        if key not in KEYS or key in parts:
            raise DirectiveError(f"unknown or repeated key {key!r}")
        try:
            ast.parse(value, mode="eval")
        except SyntaxError as error:
            raise DirectiveError(f"{key}={value}: {error.msg}") from None
        parts[key] = value
    return parts
