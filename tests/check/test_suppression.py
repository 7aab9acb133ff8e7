"""``# tojax: ignore`` comments, and only comments."""

from __future__ import annotations

import pytest

from tojax.check.suppression import suppressed_lines
from tojax.nouns import Position, Range


def _line(first: int, last: int | None = None) -> Range:
    last = first if last is None else last
    return Range(start=Position(line=first, column=0), end=Position(line=last, column=4))


@pytest.mark.parametrize(
    ("source", "code", "silenced"),
    [
        ("x[0] = 1\n", "TJ101", False),
        ("x[0] = 1  # tojax: ignore\n", "TJ101", True),
        ("x[0] = 1  #tojax:ignore\n", "TJ101", True),
        ("x[0] = 1  # noqa: E501  # tojax: ignore\n", "TJ101", True),
        ("x[0] = 1  # tojax: ignore[TJ101]\n", "TJ101", True),
        ("x[0] = 1  # tojax: ignore[tj102, TJ101]\n", "TJ101", True),
        ("x[0] = 1  # tojax: ignore[TJ102]\n", "TJ101", False),
        ("x[0] = 1  # tojax: ignored\n", "TJ101", False),
        ("x['# tojax: ignore'] = 1\n", "TJ101", False),
        ("y = 1\nx = 1  # tojax: ignore\n", "TJ101", False),
    ],
)
def test_first_line(source: str, code: str, silenced: bool) -> None:
    assert suppressed_lines(source)(_line(0), code) is silenced


def test_of_several_lines_the_first_and_the_last_count() -> None:
    source = (
        "f(  # tojax: ignore[TJ101]\n    1,  # tojax: ignore[TJ103]\n)  # tojax: ignore[TJ102]\n"
    )
    is_silenced = suppressed_lines(source)
    assert [is_silenced(_line(0, 2), code) for code in ("TJ101", "TJ102", "TJ103")] == [
        True,
        True,
        False,
    ]


def test_form_feed_does_not_end_a_line() -> None:
    source = "a = '\u2028'\n\x0c\nx = 1  # tojax: ignore\n"
    assert suppressed_lines(source)(_line(2), "TJ101")


def test_comments_before_a_broken_block_still_count() -> None:
    source = "x = 1  # tojax: ignore\ny = (\n"
    assert suppressed_lines(source)(_line(0), "TJ101")
