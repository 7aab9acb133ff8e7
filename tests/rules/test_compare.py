"""Comparison, selection, logical and bitwise operations."""

from __future__ import annotations

import math

import jax.numpy as jnp
import pytest
import torch
from rules.api import torch_compare, torch_logical

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.gradients import assert_gradient

X = torch.tensor([[1.0, 2.0, -1.0, math.nan], [0.0, -0.0, math.inf, -math.inf]])
Y = torch.tensor([1.0, 3.0, -2.0, math.nan])
INTEGERS = torch.tensor([5, -3, 0, 12])
OTHERS = torch.tensor([1, 2, 0, 3])
BOOLS = torch.tensor([True, False, True, False])

COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]
ALIASES = ["not_equal", "less", "less_equal", "greater", "greater_equal"]
TESTS = ["isnan", "isinf", "isposinf", "isneginf", "isfinite", "signbit"]
PAIRS = ["maximum", "minimum", "fmax", "fmin"]


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons(name):
    rule, function = getattr(torch_compare, name), getattr(torch, name)
    assert_rule(rule, function, X, Y)
    assert_rule(rule, function, X, 1)
    assert_rule(rule, function, INTEGERS, 0.5)
    assert_rule(rule, function, INTEGERS, Y, jit=True)


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("x", [X, INTEGERS], ids=["float", "int"])
def test_tests_of_values(name, x):
    assert_rule(getattr(torch_compare, name), getattr(torch, name), x)


@pytest.mark.parametrize("name", PAIRS)
def test_extrema(name):
    rule, function = getattr(torch_compare, name), getattr(torch, name)
    assert_rule(rule, function, X, Y)
    assert_rule(rule, function, INTEGERS, OTHERS)
    assert_rule(rule, function, INTEGERS, Y)
    assert_gradient(rule, function, X[:, :3] + 0.25, Y[:3])


@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_gradient_of_ties_is_shared(name):
    x = torch.tensor([1.0, 2.0])
    assert_gradient(getattr(torch_compare, name), getattr(torch, name), x, x.clone())


@pytest.mark.parametrize("equal_nan", [False, True])
def test_closeness(equal_nan):
    near = X + 1e-6
    assert_rule(torch_compare.isclose, torch.isclose, X, near, equal_nan=equal_nan)
    assert_rule(torch_compare.isclose, torch.isclose, X, near, rtol=0, atol=1e-7)
    assert_rule(torch_compare.allclose, torch.allclose, X, near, equal_nan=equal_nan)
    assert_rule(torch_compare.allclose, torch.allclose, Y[:3], Y[:3] + 1e-2, atol=0.1)


def test_equal():
    assert_rule(torch_compare.equal, torch.equal, INTEGERS, INTEGERS.clone())
    assert_rule(torch_compare.equal, torch.equal, INTEGERS, OTHERS)
    assert_rule(torch_compare.equal, torch.equal, INTEGERS, INTEGERS[:2])
    assert_rule(torch_compare.equal, torch.equal, Y, Y)


def test_isin():
    assert_rule(torch_compare.isin, torch.isin, INTEGERS, torch.tensor([0, 5]))
    assert_rule(torch_compare.isin, torch.isin, INTEGERS, 5, invert=True)
    assert_rule(torch_compare.isin, torch.isin, 12, INTEGERS)


@pytest.mark.parametrize(
    ("input", "other"),
    [
        (INTEGERS, Y),
        (Y, 0.0),
        (1.0, Y),
        (1.0, 0.0),
        (1, 0),
        (INTEGERS, 0.5),
        (X[:1], torch.tensor([[1.0], [2.0]])),
    ],
)
def test_where(input, other):
    assert_rule(torch_compare.where, torch.where, BOOLS, input, other)
    assert_rule(torch_compare.where, torch.where, BOOLS, input, other, jit=True)


def test_where_forms():
    assert_rule(torch_compare.where, torch.where, BOOLS)
    assert_rule(torch_compare.where, torch.where, torch.tensor([[1, 0], [0, 3]]))
    assert_rule(torch_compare.where, torch.where, BOOLS, input=Y, other=INTEGERS)
    assert_rule(torch_compare.where, torch.where, BOOLS, Y, other=INTEGERS)
    assert_rule(torch_compare.where_self, torch.Tensor.where, Y, BOOLS, 0.0)
    assert_gradient(torch_compare.where, torch.where, BOOLS, Y[:1], X[1])


def test_gradient_of_where_lets_nan_through_as_pytorch_does():
    x = torch.tensor([-1.0, 0.0, 4.0])
    assert_gradient(
        lambda x: torch_compare.where(x > 0, jnp.sqrt(x), 0.0),
        lambda x: torch.where(x > 0, torch.sqrt(x), 0.0),
        x,
    )


@pytest.mark.parametrize("value", [X, INTEGERS, BOOLS, torch.tensor(1j)])
def test_questions(value):
    assert_rule(torch_compare.is_floating_point, torch.is_floating_point, value)
    assert_rule(torch_compare.is_tensor, torch.is_tensor, value)


def test_is_tensor_and_is_nonzero():
    assert_rule(torch_compare.is_tensor, torch.is_tensor, [1.0])
    for value in (torch.tensor([0.0]), torch.tensor(3), torch.tensor([[math.nan]])):
        assert_rule(torch_compare.is_nonzero, torch.is_nonzero, value)


@pytest.mark.parametrize("name", ["logical_and", "logical_or", "logical_xor"])
def test_logical(name):
    rule, function = getattr(torch_logical, name), getattr(torch, name)
    assert_rule(rule, function, X, Y)
    assert_rule(rule, function, INTEGERS, BOOLS)
    assert_rule(rule, function, BOOLS, BOOLS.flip(0))


@pytest.mark.parametrize("x", [X, INTEGERS, BOOLS], ids=["float", "int", "bool"])
def test_logical_not(x):
    assert_rule(torch_logical.logical_not, torch.logical_not, x)


@pytest.mark.parametrize("name", ["bitwise_and", "bitwise_or", "bitwise_xor"])
def test_bitwise(name):
    rule, function = getattr(torch_logical, name), getattr(torch, name)
    assert_rule(rule, function, INTEGERS, OTHERS)
    assert_rule(rule, function, INTEGERS, 6)
    assert_rule(rule, function, BOOLS, BOOLS.flip(0))
    assert_rule(rule, function, INTEGERS, BOOLS)


@pytest.mark.parametrize("name", ["bitwise_left_shift", "bitwise_right_shift"])
def test_shifts(name):
    rule, function = getattr(torch_logical, name), getattr(torch, name)
    assert_rule(rule, function, INTEGERS, OTHERS)
    assert_rule(rule, function, INTEGERS, 2)


@pytest.mark.parametrize("x", [INTEGERS, BOOLS], ids=["int", "bool"])
def test_bitwise_not(x):
    assert_same(torch_logical.bitwise_not(to_jax(x)), torch.bitwise_not(x))
