"""Lines and positions, against Python's own parser and codecs."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tojax.nouns import Position
from tojax.source.text import Text

# Characters of one to four UTF-8 bytes, one and two UTF-16 units, and all that looks like a line
# end; form feed, vertical tab, NEL and U+2028 are none.
TEXTS = st.text(st.sampled_from("ab é\u2028\u0085\x0b\f\n\r😀\u4e16"), max_size=40)
ENCODINGS = ("utf-8", "utf-16", "utf-32")


@pytest.mark.parametrize(
    ("source", "starts"),
    [
        ("", [0]),
        ("a", [0]),
        ("a\n", [0, 2]),
        ("a\r\nb\rc\nd", [0, 3, 5, 7]),
        ("a\n\rb", [0, 2, 3]),
        ("a\fb\u2028c\x0bd\u0085e\x1cf\n", [0, 12]),
    ],
)
def test_line_starts(source: str, starts: list[int]) -> None:
    assert Text(source).starts == starts


def test_columns_in_each_encoding() -> None:
    text = Text("x = 1\ny = '😀é' + z\n")
    z = text.source.index("z") - 6  # 4 + 1 + 2 + 1 + 3 code points before it
    assert z == 11
    place = Position(line=1, column=z)
    assert text.to_units(place, "utf-32").column == 11
    assert text.to_units(place, "utf-16").column == 12  # 😀 is a surrogate pair
    assert text.to_units(place, "utf-8").column == 15  # 😀 is four bytes, é two


def test_span_of_a_node_after_wide_characters() -> None:
    source = "x = '😀é'; value = 2\n"
    node = ast.parse(source).body[1]
    start, end = Text(source).span(node)
    assert source[start:end] == "value = 2"


@given(TEXTS)
def test_every_offset_survives_the_round_trip(source: str) -> None:
    text = Text(source)
    for offset in range(len(source) + 1):
        place = text.position(offset)
        assert text.starts[place.line] + place.column == offset


@given(TEXTS)
def test_lines_join_to_the_text(source: str) -> None:
    text = Text(source)
    lines = [text.line(number) for number in range(len(text.starts))]
    assert "".join(lines) == source
    assert all("\n" not in line[:-1] for line in lines)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_positions_survive_the_round_trip(source: str, encoding: str) -> None:
    text = Text(source)
    for number in range(len(text.starts)):
        for column in range(len(text.line(number).rstrip("\r\n")) + 1):
            place = Position(line=number, column=column)
            units = text.to_units(place, encoding)  # type: ignore[arg-type]
            assert text.from_units(units, encoding) == place  # type: ignore[arg-type]


@given(TEXTS, st.integers(0, 80), st.sampled_from(ENCODINGS))
def test_columns_past_the_end_are_clamped(source: str, extra: int, encoding: str) -> None:
    text = Text(source)
    end = len(text.line(0).rstrip("\r\n"))
    past = Position(line=0, column=4 * end + extra)
    assert text.from_units(past, encoding) == Position(line=0, column=end)  # type: ignore[arg-type]


@given(
    st.text(st.sampled_from("é😀a\u2028"), min_size=1, max_size=10),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_offsets_are_those_of_the_parser(word: str, end: str) -> None:
    source = f"first = 1{end}s = '{word}'; last = s{end}"
    node = ast.parse(source).body[2]
    start, stop = Text(source).span(node)
    assert source[start:stop] == "last = s"
