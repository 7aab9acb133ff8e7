"""``# tojax: ignore`` comments."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable

from tojax.nouns import Range

_COMMENT = re.compile(r"#\s*tojax:\s*ignore\b(?:\[(?P<codes>[^\]]*)\])?")


def suppressed_lines(source: str) -> Callable[[Range, str], bool]:
    """Whether a finding with this range and code is silenced by a comment on its line.

    Of a construct over several lines, the first and the last line count.
    """
    silenced = {} if "tojax:" not in source else _silenced_codes(source)

    def is_silenced(place: Range, code: str) -> bool:
        if not silenced:
            return False
        for line in {place.start.line, place.end.line}:
            codes = silenced.get(line)
            if codes is not None and (not codes or code in codes):
                return True
        return False

    return is_silenced


def _silenced_codes(source: str) -> dict[int, frozenset[str]]:
    """Line (from zero) → the codes silenced there, none for all of them."""
    silenced = {}
    for line, comment in _comments(source):
        match = _COMMENT.search(comment)
        if match:
            codes = re.findall(r"[A-Za-z]+[0-9]+", match["codes"] or "")
            silenced[line] = frozenset(code.upper() for code in codes)
    return silenced


def _comments(source: str) -> list[tuple[int, str]]:
    """Line (from zero) and text of each comment, as far as the text has tokens."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source, newline="").readline):
            if token.type == tokenize.COMMENT:
                found.append((token.start[0] - 1, token.string))
    except (tokenize.TokenError, SyntaxError):
        pass  # A broken block hides the comments after it; the findings before it keep theirs.
    return found
