"""Directives and targets."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from tojax.verify.directives import DirectiveError, read_directives, split_directive
from tojax.verify.specs import SPECS, Spec
from tojax.verify.targets import Target, choose_targets, find_targets


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("init=(64, 4) inputs=(x, y)", {"init": "(64, 4)", "inputs": "(x, y)"}),
        ("inputs=dict(x=f(a=1), y=2)", {"inputs": "dict(x=f(a=1), y=2)"}),
        ("init=(), inputs=setup()", {"init": "()", "inputs": "setup()"}),
        ("inputs=(a == b,) init=(1,)", {"inputs": "(a == b,)", "init": "(1,)"}),
    ],
)
def test_split(text: str, parts: dict[str, str]) -> None:
    assert split_directive(text) == parts


@pytest.mark.parametrize(
    "text", ["", "hello", "x=3", "init=(", "init=1 init=2", "inputs=1 +", "see init=(1,)"]
)
def test_malformed(text: str) -> None:
    with pytest.raises(DirectiveError):
        split_directive(text)


SOURCE = """
# A comment.
# tojax: init=(Config(n=2),)
# tojax: inputs=(float32[2, 3],)
# Another one.
@decorated
class Net(nn.Module):
    # tojax: inputs=(1,)
    def forward(self, x): ...

# tojax: inputs=(1,)

def not_above(x): ...

# tojax: inputs=setup()
def train(model): ...
"""


def test_directly_above_and_continued() -> None:
    net, train = read_directives(SOURCE, ast.parse(SOURCE))
    assert (net.name, net.kind, net.init) == ("Net", "class", "(Config(n=2),)")
    assert net.inputs == "(float32[2, 3],)"
    assert (train.name, train.inputs) == ("train", "setup()")


GETTERS = "def get_inputs(): ...\ndef get_init_inputs(): ...\n"


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("class Model: ...\n", []),
        ("class Model: ...\n" + GETTERS, [Target("Model", "get_init_inputs()", "get_inputs()")]),
        ("class Net: ...\n" + GETTERS, [Target("", "get_init_inputs()", "get_inputs()")]),
        ("# tojax: init=(1,)\nclass Net: ...\n" + GETTERS, [Target("Net", "(1,)", "get_inputs()")]),
        ("# tojax: inputs=(1,)\nclass Net: ...\n", [Target("Net", None, "(1,)")]),
    ],
)
def test_targets(source: str, targets: list[Target]) -> None:
    assert find_targets(source) == targets


def test_the_last_class_that_fits_else_functions() -> None:
    assert choose_targets([("A", True), ("B", True), ("C", False)], [("f", True)]) == ["B"]
    assert choose_targets([("A", False)], [("f", True), ("g", False), ("h", True)]) == ["f", "h"]


def test_specs_draw_what_they_say() -> None:
    generator = np.random.default_rng(0)
    integers = (SPECS["int64"][50] < 3).draw(generator)
    assert integers.dtype == np.int64 and set(integers) == {0, 1, 2}
    assert Spec("float32")[2, 3].draw(generator).shape == (2, 3)
    assert SPECS["bool"][4].draw(generator).dtype == bool
    assert SPECS["float32"].draw(generator).shape == ()
