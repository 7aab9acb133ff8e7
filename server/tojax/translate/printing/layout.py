"""Lines of printed text: comments, indentation, and the strings that neither may touch."""

from __future__ import annotations

import re

_TOKENS = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<string>(?:[rRbBfFuU]{0,2})(?:'{3}(?:\\.|[^\\])*?'{3}|"{3}(?:\\.|[^\\])*?"{3}"""
    r"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))""",
    re.DOTALL,
)


def comments(text: str) -> list[str]:
    """The comments in a stretch of code."""
    return [match["comment"].rstrip() for match in _TOKENS.finditer(text) if match["comment"]]


def lost_comments(original: str, text: str) -> list[str]:
    """The comments of a stretch of code that its new text no longer has."""
    kept = comments(text)
    lost = []
    for comment in comments(original):
        if comment in kept:
            kept.remove(comment)
        else:
            lost.append(comment)
    return lost


def reindented(text: str, old: str, new: str) -> str:
    """All but the first line moved from one indentation to another, strings excepted."""
    if old == new or "\n" not in text:
        return text
    strings = lines_in_strings(text)
    first, *rest = text.split("\n")
    moved = [
        new + line.removeprefix(old)
        if number not in strings and line.strip() and line.startswith(old)
        else line
        for number, line in enumerate(rest, start=1)
    ]
    return "\n".join([first, *moved])


def lines_in_strings(text: str) -> set[int]:
    """Numbers of the lines that begin inside a string."""
    found: set[int] = set()
    for match in _TOKENS.finditer(text):
        if match["string"] and "\n" in match["string"]:
            first = text.count("\n", 0, match.start())
            found.update(range(first + 1, first + 1 + match["string"].count("\n")))
    return found
