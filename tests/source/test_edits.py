"""Analysing an edited text gives what analysing it afresh gives, and is faster."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.reading import HEAD
from tojax.source import analyse
from tojax.source.analysis import Analyser, SourceFile
from tojax.source.solution import Solution

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.py"))
INSERTED = (
    "x = 1", "x[0] = 1", "x += 1", "self.extra = nn.Linear(2, 2)", "return None", "return x, x",
    "(", '"""', "import torch", "def f(x): return x", "class A(nn.Module): pass", "@", "# why", "",
    "for x in y:", "x = helper(torch.zeros(3))", "from torch import nn as layers",
)  # fmt: skip

SOURCE = (
    HEAD
    + """
def helper(a):
    return a

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 2

    def forward(self, x):
        return self.value(x) * self.scale

    def value(self, x):
        return 3

def run(x):
    model = Model()
    y = model.value(x)
    y += 1
    z = helper(3)
    z[0] = 2
    model.scale[0] = 3
"""
)


def _seen(analysed: SourceFile) -> object:
    errors = [(error.msg, error.lineno, error.offset) for error in analysed.errors]
    return analysed.constructs, errors, analysed.uses_torch


def _with_line(source: str, number: int, line: str, *, replaced: bool) -> str:
    """The text with a line inserted, or put in place of another, at the same indentation."""
    lines = source.split("\n")
    number %= len(lines)
    indent = re.match(r"\s*", lines[number])
    assert indent is not None
    lines[number : number + replaced] = [indent[0] + line]
    return "\n".join(lines)


@given(
    st.sampled_from(FIXTURES),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(INSERTED), st.booleans()), max_size=4),
)
@settings(max_examples=25, deadline=None)
def test_edits_of_fixtures(path: Path, edits: list[tuple[int, str, bool]]) -> None:
    source = path.read_text(encoding="utf-8")
    analyser = Analyser()
    analyser.analyse(source)
    for number, line, replaced in edits:
        source = _with_line(source, number, line, replaced=replaced)
        edited = analyser.analyse(source)
        assert _seen(edited) == _seen(Analyser().analyse(source))


@given(st.sampled_from(FIXTURES), st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_truncated_fixture_keeps_the_constructs_of_its_whole_blocks(
    path: Path, length: int
) -> None:
    source = path.read_text(encoding="utf-8")
    source = source[: length % len(source)]
    cut = source.rfind("\nclass ") + 1
    whole = Analyser().analyse(source[:cut]).constructs
    line = source[:cut].count("\n")
    kept = [c for c in Analyser().analyse(source).constructs if c.range.start.line < line]
    known = {(c.kind, c.place) for c in kept}
    assert {(c.kind, c.place) for c in whole if c.kind in ("import", "subclass")} <= known


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        # what a method returns concerns its callers, what an attribute holds its readers
        ("return 3", "return x.unsqueeze(0)", "aug-assign", "y"),
        ("    return a\n", "    return torch.zeros(a)\n", "set-item", "z[0]"),
        ("self.scale = 2", "self.scale = torch.zeros(3)", "set-item", "model.scale[0]"),
        ("class Model(nn.Module)", "class Model(Data)", "subclass", None),
    ],
)
def test_an_edit_that_concerns_another_block(
    old: str, new: str, kind: str, text: str | None
) -> None:
    analyser = Analyser()
    before = analyser.analyse(SOURCE)
    edited = SOURCE.replace(old, new)
    after = analyser.analyse(edited)
    lines = edited.split("\n")

    def texts(analysed: SourceFile) -> list[str]:
        places = [c.place for c in analysed.constructs if c.kind == kind]
        return [lines[line][column:end] for line, column, _, end in places]

    assert _seen(after) == _seen(Analyser().analyse(edited))
    assert texts(before) != texts(after)
    assert text is None or (text not in texts(before) and text in texts(after))


def test_an_edit_that_concerns_nobody_is_solved_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = Analyser()
    analyser.analyse(SOURCE)

    def refuse(blocks: object) -> Solution:
        raise AssertionError("analysed afresh")

    monkeypatch.setattr(Solution, "of", refuse)
    edited = SOURCE.replace("y += 1", "y = torch.zeros(3)\n    y += 1")
    kinds = [c.kind for c in analyser.analyse(edited).constructs]
    monkeypatch.undo()
    assert kinds == [c.kind for c in Analyser().analyse(edited).constructs]
    assert "aug-assign" in kinds


LAYER = """
class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = 2

    def forward(self, x):
        return x * self.scale
"""


def test_an_edited_class_takes_the_place_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    source = HEAD + LAYER + "\n\ndef run(x):\n    return Layer()(x).view(2)\n"
    analyser = Analyser()
    analyser.analyse(source)

    def refuse(blocks: object) -> object:
        raise AssertionError("the whole file was prepared again")

    for text in ("x * self.scale + 1", "torch.relu(x).view(3) * self.scale", "x"):
        source = re.sub("return .*\n\n\ndef run", f"return {text}\n\n\ndef run", source)
        with monkeypatch.context() as patch:
            patch.setattr("tojax.source.solution._prepared", refuse)
            edited = analyser.analyse(source)
        assert _seen(edited) == _seen(Analyser().analyse(source))


def test_what_a_class_holds_is_known_where_others_read_it_later() -> None:
    """The second edit asks the class that the first one put in the place of another."""
    mixin = "class Part:\n    def forward(self, x):\n        return x\n\n"
    source = HEAD + mixin + LAYER.replace("nn.Module", "Part, nn.Module")
    analyser = Analyser()
    analyser.analyse(source)
    for old, new in [
        ("self.scale = 2", "self.scale = torch.zeros(2)"),
        ("        return x\n", "        self.scale[0] = 1\n        return x\n"),
    ]:
        source = source.replace(old, new)
        edited = analyser.analyse(source)
        assert _seen(edited) == _seen(Analyser().analyse(source))
    assert any(construct.kind == "set-item" for construct in edited.constructs)


def test_lines_move_with_what_is_above() -> None:
    before = analyse(SOURCE).constructs
    after = analyse("# one\n# two\n" + SOURCE).constructs
    assert [c.range.start.line - 2 for c in after] == [c.range.start.line for c in before]


def test_equal_texts_give_equal_results() -> None:
    analyser = Analyser()
    assert _seen(analyser.analyse(SOURCE)) == _seen(analyser.analyse(SOURCE))


@pytest.mark.parametrize(
    "expression",
    [
        " + ".join(["torch.zeros(1)"] * 5000),
        "-" * 300 + "x",
        "[" * 150 + "]" * 150,
        "f" + "(1)" * 2000,
        "torch" + ".a" * 5000,
    ],
    ids=["sum", "signs", "brackets", "calls", "attributes"],
)
def test_deeply_nested_code_spares_the_rest(expression: str) -> None:
    source = f"import torch\nx = torch.ones(1)\ny = {expression}\nx[0] = 1\n"
    analysed = Analyser().analyse(source)
    assert [c.range.start.line for c in analysed.constructs if c.kind == "set-item"] == [3]
    assert all(error.lineno == 3 for error in analysed.errors)


def test_a_long_chain_of_calls() -> None:
    functions = "".join(f"def f{n}(x):\n    return f{n + 1}(x)\n" for n in range(300))
    analysed = Analyser().analyse(f"import torch\n{functions}x = f0(torch.zeros(1))\n")
    assert analysed.errors == []
    assert [c.name for c in analysed.constructs] == ["torch", "torch.zeros"]


def test_blocks_between_two_edits_are_solved_again() -> None:
    before = HEAD + "print(1)\n\ndef f(x: torch.Tensor):\n    x[0] = 1\n    return x\n\nprint(1)\n"
    after = before.replace("print(1)", "print(2)")
    analyser = Analyser()
    analyser.analyse(before)
    assert _seen(analyser.analyse(after)) == _seen(Analyser().analyse(after))
