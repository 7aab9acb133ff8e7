"""Top-level blocks, on whole and on half-typed code."""

from __future__ import annotations

import ast
import time
import weakref
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tojax.source.blocks import split_blocks

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.py"))
FRAGMENTS = st.sampled_from(
    [
        "x = 1\n", "def f(a):\n    return a\n", "class A:\n    pass\n", "import a\n", "    y = 2\n",
        "if x:\n    pass\n", "else:\n    pass\n", "try:\n    pass\n", "except E:\n    pass\n",
        "f(\n", ")\n", "[", "]", "{", '"""', "'", "#", "@", "\\\n", "\n", "\r", "\r\n", "\f",
        "\u2028", "é", "\x00",
    ]
)  # fmt: skip


def _texts(source: str) -> list[str]:
    return [block.parsed.text for block in split_blocks(source)]


def _errors(source: str) -> list[tuple[int, str]]:
    """Line on which each broken block starts, and its text."""
    return [(block.line, block.parsed.text) for block in split_blocks(source) if block.parsed.error]


@pytest.mark.parametrize(
    "blocks",
    [
        ["import a\n", "import b\n"],
        ["# head\n\n", "import a\n\n# about b\n", "b = 1"],
        ["@one\n@two(\n    3,\n)\n# why\ndef f():\n    pass\n", "x = 1\n"],
        ["if a:\n    b\nelif c:\n    d\nelse:\n    e\n", "f\n"],
        ["try:\n    a\nexcept B:\n    c\nelse:\n    d\nfinally:\n    e\n", "f\n"],
        ["for a in b:\n    c\nelse:\n    d\n", "while a:\n    b\nelse:\n    c\n", "x\n"],
        ['text = """one\ntwo = 2\n\ndef three(): pass\n"""\n', "x = 1\n"],
        ["def f():\n    '''\nat the margin\n    '''\n    return 1\n", "x = 1\n"],
        ["table = [\n1, 2,\n3,\n]\n", "call(\na,\nb=1,\n)\n"],
        ["total = 1 + \\\n2\n", "x = 1\n"],
        ["a = 1; b = 2\n", "c = 3\n"],
        ['a = """\n"""; b = 2\n', "c = 3\n"],
        ["a = 1\f\n", "\fb = 2\n", "c = '\u2028'\n"],
        ["a = 1\r\n", "def f():\r\n    pass\r\n", "b = 2\r\n"],
        ["a = 1\r", "def f():\r    pass\r", "b = 2"],
        ["match a:\n    case 1:\n        b\n", "async def f():\n    await g\n"],
        ["s = 'it\\'s ( [ {'  # ( [ {\n", "x = 1\n"],
        ["f(a)[\nb\n](\nc\n)\n", "x = 1\n"],
    ],
)
def test_blocks_of_valid_code(blocks: list[str]) -> None:
    source = "".join(blocks)
    ast.parse(source)
    assert _texts(source) == blocks
    assert _errors(source) == []


def test_empty_text() -> None:
    assert split_blocks("") == []
    assert _texts("\n# only a comment\n") == ["\n# only a comment\n"]


def test_blocks_know_their_lines() -> None:
    source = "a = 1\r\n\r\nb = '''\rc'''\r\nd = '\u2028\f'\ne = 5\n"
    assert [block.line for block in split_blocks(source)] == [0, 2, 4, 5]


@pytest.mark.parametrize(
    "broken",
    [
        "x = foo(1,\n",
        "x = [1, (2,\n",
        "def f(a:\n    return a\n",
        "def f(a):\n    return g(a\n",
        'x = """never closed\n',
        "x = 'never closed\n",
        "class A(\n",
        "if x\n    y\n",
        "x = )\n",
        "return return\n",
        "def f():\n",
    ],
)
def test_a_broken_block_keeps_to_itself(broken: str) -> None:
    before = "import torch\n"
    after = "def good(x):\n    '''says'''\n    return x\n"
    last = "y = good(2)\n"
    source = before + broken + after + last
    assert _texts(source) == [before, broken, after, last]
    assert _errors(source) == [(1, broken)]


def test_half_typed_decorator_and_else() -> None:
    assert _errors("@\ndef f():\n    pass\nx = 1\n") == [(0, "@\ndef f():\n    pass\n")]
    assert _errors("x = 1\nelse:\n    pass\ny = 2\n") == [(0, "x = 1\nelse:\n    pass\n")]


def test_equal_blocks_of_one_file_are_told_apart() -> None:
    first, second, third = split_blocks("x = y\nx = y\nx = y\n")
    assert len({id(block.parsed) for block in (first, second, third)}) == 3


def test_an_edit_parses_one_block_again() -> None:
    source = "import a\ndef f():\n    return 1\ndef g():\n    return 2\n"
    before = split_blocks(source)
    after = split_blocks(source.replace("return 1", "return 10"))
    same = [one.parsed is other.parsed for one, other in zip(before, after, strict=True)]
    assert same == [True, False, True]


@given(st.lists(FRAGMENTS, max_size=12).map("".join))
@example("@(\n)\ndef f(): pass\n")
@example("def f(a):\n    return a\n\\\n    y = 2\n")
@example("x = 1\n\\\ny = 2\n")
def test_blocks_join_to_the_text(source: str) -> None:
    assert "".join(_texts(source)) == source
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert _errors(source) == []


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_blocks_of_a_file_are_its_statements(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    blocks = split_blocks(source)
    found = [
        (statement.lineno + block.line, ast.dump(statement))
        for block in blocks
        for statement in block.parsed.tree.body
    ]
    assert found == [(statement.lineno, ast.dump(statement)) for statement in tree.body]


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_an_edit_of_a_file_breaks_few_blocks(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(FIXTURES)).read_text(encoding="utf-8")
    place = data.draw(st.integers(0, len(source)))
    typed = data.draw(st.sampled_from(["(", "[", '"""', "'", ")", "@", "\n", "else:", " = ", "é"]))
    blocks = split_blocks(source)
    after = split_blocks(source[:place] + typed + source[place:])
    assert "".join(block.parsed.text for block in after) == source[:place] + typed + source[place:]
    lost = {block.parsed.text for block in blocks} - {block.parsed.text for block in after}
    # A quote may pair with one further on; the rest of the file stays.
    assert len(lost) <= 3


def test_a_long_broken_text_takes_linear_time() -> None:
    def seconds(lines: int) -> float:
        best = float("inf")
        for number in range(3):
            source = "".join(f"x{number}_{line} = (\n" for line in range(lines))
            start = time.process_time()
            split_blocks(source)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(4000) < 20 * seconds(500)


def test_the_trees_of_texts_that_are_not_looked_at_are_given_up() -> None:
    first = weakref.ref(split_blocks("x = 'the first of many'\n")[0].parsed)
    for number in range(20):
        split_blocks(f"x = [{', '.join([str(number)] * 10_000)}]\n")
    assert first() is None
    large = "".join(f"x{number} = [{', '.join(['y'] * 1000)}]\n" for number in range(500))
    before = split_blocks(large)
    assert all(
        one.parsed is other.parsed for one, other in zip(before, split_blocks(large), strict=True)
    )
