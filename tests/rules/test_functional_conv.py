"""torch.nn.functional: convolutions and linear maps."""

import pytest
import torch
import torch.nn.functional as F
from rules.api import functional_conv as rules

from tests.rules.compare import assert_rule
from tests.rules.functional import assert_agrees, normal

SIZES = (7, 6, 5)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1},
        {"dilation": 2, "groups": 2, "padding": 2},
        {"groups": 4, "padding": "same"},
        {"padding": "same", "dilation": 2},
        {"padding": "valid"},
    ],
)
def test_convolution(rank, options):
    name = f"conv{rank}d"
    x, groups = normal(2, 4, *SIZES[:rank]), options.get("groups", 1)
    weight, bias = normal(4, 4 // groups, *(3, 2, 2)[:rank], seed=1), normal(4, seed=2)
    assert_agrees(getattr(rules, name), getattr(F, name), x, weight, bias, **options)
    assert_rule(getattr(rules, name), getattr(F, name), x[0], weight, **options)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"stride": 2, "padding": 1, "output_padding": 1},
        {"stride": 3, "groups": 2, "output_padding": 2},
        {"groups": 2, "dilation": 2, "padding": 1},
        {"groups": 4, "stride": 2},
        {"padding": 2},
    ],
)
def test_transposed_convolution(rank, options):
    name = f"conv_transpose{rank}d"
    x, groups = normal(2, 4, *SIZES[:rank]), options.get("groups", 1)
    weight, bias = normal(4, 3, *(3, 2, 4)[:rank], seed=1), normal(3 * groups, seed=2)
    assert_agrees(getattr(rules, name), getattr(F, name), x, weight, bias, **options)
    assert_rule(getattr(rules, name), getattr(F, name), x[0], weight, **options)


def test_options_by_axis():
    x, weight = normal(1, 2, 9, 8), normal(3, 2, 3, 2, seed=1)
    options = {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 3)}
    assert_agrees(rules.conv2d, F.conv2d, x, weight, None, **options)
    options["output_padding"] = (1, 0)
    weight = normal(2, 3, 3, 2, seed=1)
    assert_agrees(rules.conv_transpose2d, F.conv_transpose2d, x, weight, None, **options)
    assert_rule(rules.conv1d, F.conv1d, normal(1, 2, 9), normal(3, 2, 3), stride=[2], padding=[1])


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 2},
        {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0), "dilation": (2, 1)},
    ],
)
def test_unfold_and_fold(options):
    x = normal(2, 3, 6, 8)
    assert_agrees(rules.unfold, F.unfold, x, **options)
    assert_rule(rules.unfold, F.unfold, x[0], **options)
    columns = F.unfold(x, **options)
    assert_agrees(rules.fold, F.fold, columns, output_size=(6, 8), **options)
    assert_rule(rules.fold, F.fold, columns[0], output_size=(6, 8), **options)


def test_unfold_keeps_infinity_to_its_own_element():
    x = torch.zeros(1, 1, 3, 3)
    x[0, 0, 1, 1] = torch.inf
    assert_rule(rules.unfold, F.unfold, x, 2)


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
@pytest.mark.parametrize("bias", [None, normal(5, seed=2)])
def test_linear(shape, bias):
    assert_agrees(rules.linear, F.linear, normal(*shape), normal(5, 4, seed=1), bias)


def test_bilinear():
    weight, bias = normal(5, 3, 4, seed=2), normal(5, seed=3)
    assert_agrees(rules.bilinear, F.bilinear, normal(2, 6, 3), normal(2, 6, 4), weight, bias)
    assert_rule(rules.bilinear, F.bilinear, normal(3), normal(4), weight)
