"""What a variable is given in a function."""

from __future__ import annotations

import ast

import pytest

from tojax.source.given import given

CASES = {
    "assigned": ("x = 1\n    x = y", ["1", "y"], [], True),
    "one of several names": ("z = x = 1", ["1"], [], True),
    "with a type": ("x: int = 1\n    x: int", ["1"], [], False),
    "inside an expression": ("print(x := f())", ["f()"], [], True),
    "unpacked": ("x, y = f()\n    [y, (x, z)] = g()", [], ["f()", "g()"], False),
    "a loop": ("x = 1\n    for x in y: pass", ["1"], [], False),
    "changed": ("x = 1\n    x += 2", ["1"], [], False),
    "an item, an attribute": ("x = y\n    x[0] = 1\n    x.a = 2", ["y"], [], True),
    "another": ("y = x", [], [], True),
}


@pytest.mark.parametrize("name", CASES)
def test_given(name: str) -> None:
    body, values, wholes, is_all = CASES[name]
    found = given(ast.parse(f"def f(y):\n    {body}\n"), "x")
    assert [ast.unparse(value) for value in found.values] == values
    assert [ast.unparse(whole) for whole in found.wholes] == wholes
    assert found.is_all is is_all


def test_a_parameter_may_be_anything() -> None:
    assert not given(ast.parse("def f(x):\n    x = 1\n"), "x").is_all
