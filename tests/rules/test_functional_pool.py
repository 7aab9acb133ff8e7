"""torch.nn.functional: pooling."""

import math

import jax
import pytest
import torch
import torch.nn.functional as F
from rules.api import functional_adaptive_pool as adaptive
from rules.api import functional_pool as rules

from tests.rules.compare import assert_rule, assert_same, to_jax
from tests.rules.functional import assert_agrees, integers, normal

SIZES = (8, 7, 6)


def image(rank: int) -> torch.Tensor:
    return normal(2, 3, *SIZES[:rank])


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 2},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": 3, "stride": 2, "ceil_mode": True},
        {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True},
        {"kernel_size": 2, "dilation": 3, "stride": 1, "padding": 1},
    ],
)
def test_max_pool(rank, options):
    name = f"max_pool{rank}d"
    rule, function = getattr(rules, name), getattr(F, name)
    assert_agrees(rule, function, image(rank), **options)
    assert_rule(rule, function, image(rank)[0], **options)
    assert_rule(rule, function, image(rank), return_indices=True, **options)


@pytest.mark.parametrize("options", [{}, {"dilation": 2}])
def test_gradient_goes_to_the_first_of_equal_maxima(options):
    ties = integers(3, 1, 2, 8, 8).float()
    assert_agrees(rules.max_pool2d, F.max_pool2d, ties, 3, 2, 1, **options)
    indices = {"return_indices": True, **options}
    assert_rule(rules.max_pool2d, F.max_pool2d, ties, 3, 2, 1, **indices)
    assert_agrees(adaptive.adaptive_max_pool2d, F.adaptive_max_pool2d, ties, (3, 1))


def test_max_pool_of_integers_infinity_nan_and_under_jit():
    assert_rule(rules.max_pool2d, F.max_pool2d, integers(9, 1, 1, 4, 4) - 20, 2, 1, 1)
    assert_rule(rules.max_pool1d, F.max_pool1d, torch.full((1, 1, 4), -math.inf), 2)
    assert_rule(rules.max_pool1d, F.max_pool1d, torch.tensor([[[1, math.nan, 3, 4]]]), 2)
    x = image(2)
    assert_same(jax.jit(lambda x: rules.max_pool2d(x, (2, 3)))(to_jax(x)), F.max_pool2d(x, (2, 3)))


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 2},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"kernel_size": 2, "stride": 3, "ceil_mode": True, "count_include_pad": False},
    ],
)
def test_avg_pool(rank, options):
    name = f"avg_pool{rank}d"
    assert_agrees(getattr(rules, name), getattr(F, name), image(rank), **options)
    assert_rule(getattr(rules, name), getattr(F, name), image(rank)[0], **options)


@pytest.mark.parametrize("rank", [2, 3])
def test_avg_pool_divisor(rank):
    name, options = f"avg_pool{rank}d", {"stride": 2, "padding": 1, "divisor_override": 5}
    assert_agrees(getattr(rules, name), getattr(F, name), image(rank), 2, **options)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_lp_pool(rank):
    name, x = f"lp_pool{rank}d", image(rank).abs() + 0.1
    for norm_type in (1, 2.5, math.inf):
        assert_agrees(getattr(rules, name), getattr(F, name), x, norm_type, 3, 2, ceil_mode=True)


@pytest.mark.parametrize("kind", ["avg", "max"])
@pytest.mark.parametrize(
    ("rank", "output_size"),
    [
        (1, 1),
        (1, 3),
        (1, 11),
        (2, 1),
        (2, (1, 1)),
        (2, (4, 7)),
        (2, (3, None)),
        (2, 5),
        (3, 1),
        (3, (3, 2, 9)),
    ],
)
def test_adaptive_pool(kind, rank, output_size):
    name = f"adaptive_{kind}_pool{rank}d"
    rule, function = getattr(adaptive, name), getattr(F, name)
    assert_agrees(rule, function, image(rank), output_size)
    assert_rule(rule, function, image(rank)[0], output_size)
    if kind == "max":
        assert_rule(rule, function, image(rank), output_size, return_indices=True)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("is_even", [True, False])
def test_max_unpool(rank, is_even):
    x = normal(2, 3, *(8, 6, 4)[:rank]) if is_even else image(rank)
    values, indices = getattr(F, f"max_pool{rank}d")(x, 2, return_indices=True)
    name, size = f"max_unpool{rank}d", None if is_even else x.shape[2:]
    rule, function = getattr(adaptive, name), getattr(F, name)
    assert_agrees(rule, function, values, indices, 2, output_size=size)
    assert_rule(rule, function, values[0], indices[0], 2, output_size=size)
