"""CodeBLEU: published values, values worked by hand, and what has to hold for any code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tojax.bench.codebleu import bleu, codebleu
from tojax.bench.dataflow import dataflow
from tojax.bench.syntax_trees import parse, subtrees, tokens

MODEL = '''
class Model(nnx.Module):
    """Two layers."""

    def __init__(self, width, *, rngs):
        self.first = nnx.Linear(width, width, rngs=rngs)  # in
        self.last = nnx.Linear(width, 1, rngs=rngs)

    def __call__(self, x):
        hidden = nnx.relu(self.first(x))
        for scale in (0.5, 2.0):
            hidden = hidden * scale
        return self.last(hidden)
'''
NAMES = st.sampled_from(["a", "b", "total", "x1"])
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["1", "'s'", "f(2)"]),
    lambda inner: st.tuples(inner, inner, st.sampled_from("+*-")).map(
        lambda parts: f"({parts[0]} {parts[2]} {parts[1]})"
    ),
    max_leaves=6,
)
FUNCTIONS = st.lists(st.tuples(NAMES, EXPRESSIONS), min_size=1, max_size=5).map(
    lambda lines: (
        "def f(a, b):\n"
        + "".join(f"    {name} = {value}\n" for name, value in lines)
        + f"    return {lines[-1][0]}\n"
    )
)


def test_the_published_example() -> None:
    """As the README of the package codebleu prints it, cut after four digits."""
    found = codebleu(
        "def add ( a , b ) :\n return a + b",
        "def sum ( first , second ) :\n return second + first",
    )
    parts = (found.score, found.ngrams, found.keywords, found.syntax, found.dataflow)
    assert [math.floor(1e4 * part) / 1e4 for part in parts if part is not None] == [
        0.5537,
        0.1041,
        0.1109,
        1.0,
        1.0,
    ]


def test_code_is_like_itself() -> None:
    assert codebleu(MODEL, MODEL).score == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(FUNCTIONS, FUNCTIONS)
def test_every_part_is_from_zero_to_one(candidate: str, reference: str) -> None:
    found = codebleu(candidate, reference)
    for part in (found.ngrams, found.keywords, found.syntax, found.dataflow, found.score):
        assert part is not None
        assert 0 <= part <= 1 + 1e-12
    assert codebleu(reference, reference).score == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(FUNCTIONS)
def test_renaming_changes_neither_syntax_nor_data_flow(code: str) -> None:
    renamed = code.replace("a", "q").replace("total", "t0").replace("x1", "y")
    found = codebleu(renamed.replace("returtq", "return"), code)
    assert (found.syntax, found.dataflow) == (1, 1)


def test_mixing_up_two_variables_lowers_the_data_flow_alone_of_both() -> None:
    code = "def f(a, b):\n    c = a * a\n    return b - c\n"
    mixed = "def f(a, b):\n    c = b * a\n    return b - c\n"
    found = codebleu(mixed, code)
    assert found.syntax == 1
    assert found.dataflow is not None
    assert found.dataflow < 1


def test_each_further_line_in_common_brings_a_candidate_closer() -> None:
    lines = MODEL.splitlines(keepends=True)
    scores = [codebleu("".join(lines[:end]), MODEL).score for end in (4, 8, 11, len(lines))]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def test_bleu_by_hand() -> None:
    # 4 of 5 words, 2 of 4 pairs, 1 of 3 triples, none of 2 (counted a tenth); 5 words for 6.
    found = bleu(["a", "b", "c", "x", "d"], ["a", "b", "c", "d", "e", "f"])
    precisions = (4 / 5) * (2 / 4) * (1 / 3) * (0.1 / 2)
    assert found == pytest.approx(math.exp(1 - 6 / 5) * precisions ** (1 / 4))


def test_repeating_a_word_does_not_help() -> None:
    # Papineni et al. 2002, example 2: 2 of 7 single words, "the" counting at most twice.
    words = ["the", "the", "the", "the", "the", "the", "the"]
    found = bleu(words, ["the", "cat", "is", "on", "the", "mat"])
    assert found == pytest.approx(((2 / 7) * (0.1 / 6) * (0.1 / 5) * (0.1 / 4)) ** (1 / 4))


def test_a_keyword_counts_five_times() -> None:
    # Single tokens with weights: `return` 1 of 1, `y` 0 of 0.2; no pair of one.
    found = bleu(["return", "y"], ["return", "x"], keywords_count_more=True)
    assert found == pytest.approx(((1 / 1.2) * (0.1 / 1)) ** (1 / 2))


def test_nothing_in_common() -> None:
    assert bleu(["a"], ["b"]) == 0
    assert bleu([], ["b"]) == 0
    assert codebleu("", MODEL).score == 0


def test_comments_and_docstrings_are_no_code() -> None:
    assert tokens(parse('"""Text."""\n# more\nx = f"a{1}"  # most\n')) == ["x", "=", 'f"a{1}"']
    bare = MODEL.replace('    """Two layers."""\n\n', "").replace("  # in", "")
    assert bare != MODEL
    assert codebleu(bare, MODEL).score == pytest.approx(1)


def test_subtrees_by_hand() -> None:
    # module, statement, call, list of arguments; the second has no argument.
    ours, theirs = (subtrees(parse(code)) for code in ("f()", "g(x)"))
    assert theirs.total() == 4
    assert (ours & theirs).total() == 0
    assert subtrees(parse("h(y)")) == theirs


def test_data_flow_by_hand() -> None:
    code = "def f(x, n=1):\n    y = x + n\n    y += x\n    return y.sum()\n"
    x, n, y = 0, 1, 2
    assert dataflow(parse(code)) == {
        (x, "comes from", ()): 1,
        (n, "comes from", ()): 1,
        (x, "comes from", (x,)): 2,
        (n, "comes from", (n,)): 1,
        (y, "computed from", (x, n)): 1,
        (y, "computed from", (y, x)): 1,
        (y, "comes from", (y,)): 1,
    }


@pytest.mark.parametrize(
    ("code", "flow"),
    [
        ("def f(x):\n    for i in x: pass\n", (1, "computed from", (0,))),
        ("def f(x):\n    with x as y: pass\n", (1, "computed from", (0,))),
        ("def f(x):\n    x[0] = 1\n", (0, "computed from", ())),
        ("def f(x):\n    g(x=x)\n", (0, "comes from", (0,))),
        ("def f(x):\n    return [y for y in x]\n", (1, "computed from", (0,))),
        ("def f(x):\n    return g(y := x)\n", (1, "computed from", (0,))),
        ("def f(self, x):\n    self.y = x\n", (2, "computed from", (1,))),
        ("def f(x: int, *y):\n    pass\n", (1, "comes from", ())),
        ("def f(x):\n    return lambda y: y + x\n", (1, "comes from", (1,))),
        ("def f(x):\n    def g():\n        return x\n", (0, "comes from", (0,))),
    ],
)
def test_what_binds_a_variable(code: str, flow: tuple[int, str, tuple[int, ...]]) -> None:
    assert flow in dataflow(parse(code))


def test_without_variables_there_is_no_data_flow_to_compare() -> None:
    found = codebleu("import jax", "import jax")
    assert found.dataflow is None
    assert found.score == pytest.approx(1)


def test_broken_and_deep_code_have_a_score() -> None:
    assert 0 < codebleu("def f(:\n    x = 1\n", "def f(x):\n    x = 1\n").score < 1
    deep = f"x = {'(1 + ' * 700}1{')' * 700}\n"
    assert codebleu(deep, deep).score == pytest.approx(1)


def test_a_reference_has_to_be_there() -> None:
    with pytest.raises(ValueError, match="no code"):
        codebleu("x = 1", "# nothing\n")
