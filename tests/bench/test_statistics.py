"""Paired statistics against published and enumerated values."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import product

import pytest

from tojax.bench.statistics import holm, interval, mcnemar, wilcoxon

# Darwin's maize: heights of cross- minus self-fertilised plants in eighths of an inch, from
# The Effects of Cross and Self Fertilisation (1876) by way of Fisher, The Design of Experiments.
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]


def two_sided(gained: int, lost: int) -> float:
    """Of all ways in which fair coins could have fallen, the share at least as uneven."""
    falls = product((0, 1), repeat=gained + lost)
    uneven = abs(gained - lost)
    counts = [abs(2 * sum(fall) - gained - lost) >= uneven for fall in falls]
    return sum(counts) / len(counts)


@pytest.mark.parametrize(
    ("gained", "lost"), [(0, 1), (5, 0), (6, 2), (1, 4), (3, 3), (9, 1)], ids=str
)
def test_mcnemar_counts_coins(gained: int, lost: int) -> None:
    first = [False] * gained + [True] * lost + [True, False, True]
    second = [True] * gained + [False] * lost + [True, False, True]
    found = mcnemar(first, second)
    assert found.p_value == pytest.approx(two_sided(gained, lost))
    assert found.pairs == gained + lost + 3
    assert found.difference == pytest.approx((gained - lost) / found.pairs)
    assert found.effect == pytest.approx(gained / (gained + lost) - 0.5)


def test_arms_that_agree_do_not_differ() -> None:
    for found in (mcnemar([True, False], [True, False]), wilcoxon([1.0, 2.0], [1.0, 2.0])):
        assert (found.difference, found.effect, found.p_value) == (0, None, 1)


def signed_rank_p(differences: list[int]) -> float:
    """Of all signs that the ranks could have, the share whose sum is at least as far from zero."""
    order = sorted(map(abs, differences))
    ranks = [order.index(abs(difference)) + 1 for difference in differences]
    signs = [math.copysign(1, difference) for difference in differences]
    seen = abs(_dot(signs, ranks))
    sums = [abs(_dot(s, ranks)) for s in product((-1, 1), repeat=len(ranks))]
    return sum(each >= seen for each in sums) / len(sums)


def _dot(one: Sequence[float], two: Sequence[float]) -> float:
    return sum(map(operator.mul, one, two))


def test_wilcoxon_on_darwins_maize() -> None:
    """Two of fifteen differences are negative: those of ranks 14 (67) and 10 (48)."""
    found = wilcoxon([0.0] * len(DARWIN), DARWIN)
    assert found.p_value == pytest.approx(signed_rank_p(DARWIN))
    assert found.p_value == pytest.approx(0.0413, abs=5e-4)  # scipy.stats.wilcoxon's documentation
    assert found.difference == pytest.approx(314 / 15)  # Fisher's mean, 20.93
    assert found.effect == pytest.approx((120 - 2 * (14 + 10)) / 120)


def test_wilcoxon_leaves_equal_pairs_out() -> None:
    with_ties = wilcoxon([0.0] * 17, [*DARWIN, 0, 0])
    assert with_ties.p_value == wilcoxon([0.0] * 15, DARWIN).p_value
    assert with_ties.pairs == 17


def test_the_sign_is_that_of_the_second() -> None:
    assert wilcoxon([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]).effect == 1
    assert wilcoxon([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]).effect == -1


def test_holm_by_hand() -> None:
    # Sorted 0.01, 0.03, 0.04 times 3, 2, 1, and never lower than the one before.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_the_interval_is_that_of_the_normal_limit() -> None:
    # For a mean of n values the bootstrap's deviation is the plug-in one over the root of n.
    values = [float(index % 2) for index in range(400)]
    found = interval(values)
    assert found is not None
    half = 1.96 * 0.5 / math.sqrt(400)
    assert found == pytest.approx((0.5 - half, 0.5 + half), abs=0.006)


def test_the_interval_depends_on_the_seed_alone() -> None:
    assert interval(DARWIN, seed=3) == interval(DARWIN, seed=3)
    assert interval(DARWIN, seed=3) != interval(DARWIN, seed=4)
    assert interval([0.25]) is None
    assert interval([0.25, 0.25]) == (0.25, 0.25)


def test_pairs_are_needed() -> None:
    with pytest.raises(ValueError, match="no pair"):
        mcnemar([], [])
    with pytest.raises(ValueError, match="shorter"):
        wilcoxon([1.0], [])
