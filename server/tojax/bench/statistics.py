"""Paired statistics: tests, their correction, intervals and effect sizes.

Pairs are two arms on the same case, in the same order; cases are independent, samples of one case
are not, and so are averaged before they come here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_RESAMPLES = 9_999
_CONFIDENCE = 0.95
Interval = tuple[float, float]


@dataclass(frozen=True)
class Comparison:
    """The second of two arms against the first.

    Args:
        test: which one.
        pairs: how many cases have a value in both.
        difference: the mean of second minus first.
        interval: of the difference, 95 %; None of fewer than two cases.
        effect: McNemar: Cohen's g, from -0.5 to 0.5; Wilcoxon: the matched-pairs rank-biserial
            correlation, from -1 to 1; positive where the second is higher. None without a
            difference in any pair.
        p_value: two-sided.
    """

    test: str
    pairs: int
    difference: float
    interval: Interval | None
    effect: float | None
    p_value: float


def mcnemar(first: Sequence[bool], second: Sequence[bool], seed: int = 0) -> Comparison:
    """The exact test of McNemar (1947): of the cases that only one arm passes, are there more of
    one kind? Effect: Cohen's g (Cohen 1988, chapter 5).

    Raises:
        ValueError: there is no pair, or the lengths differ.
    """
    from statsmodels.stats.contingency_tables import mcnemar as exact_test

    differences = _differences(first, second)
    gained, lost = differences.count(1), differences.count(-1)
    both = sum(map(bool, first)) - lost
    table = [[both, lost], [gained, len(differences) - both - lost - gained]]
    return Comparison(
        "McNemar, exact",
        len(differences),
        sum(differences) / len(differences),
        interval(differences, seed),
        gained / (gained + lost) - 0.5 if gained + lost else None,
        min(1.0, float(exact_test(table, exact=True).pvalue)),
    )


def wilcoxon(first: Sequence[float], second: Sequence[float], seed: int = 0) -> Comparison:
    """Wilcoxon's signed-rank test (1945) without pairs that are equal; exact where there are few
    and no ties. Effect: matched-pairs rank-biserial correlation (Kerby 2014).

    Raises:
        ValueError: there is no pair, or the lengths differ.
    """
    from scipy import stats

    differences = _differences(first, second)
    unequal = [difference for difference in differences if difference]
    effect, p_value = None, 1.0
    if unequal:
        ranks = stats.rankdata([abs(difference) for difference in unequal])
        signed = sum(r if d > 0 else -r for r, d in zip(ranks, unequal, strict=True))
        effect = float(signed / sum(ranks))
        p_value = float(stats.wilcoxon(unequal).pvalue)
    mean = sum(differences) / len(differences)
    return Comparison(
        "Wilcoxon, signed ranks",
        len(differences),
        mean,
        interval(differences, seed),
        effect,
        p_value,
    )


def _differences(first: Sequence[float], second: Sequence[float]) -> list[float]:
    differences = [two - one for one, two in zip(first, second, strict=True)]
    if not differences:
        raise ValueError("there is no pair to compare")
    return differences


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values corrected for their number (Holm 1979), in their order."""
    from statsmodels.stats.multitest import multipletests

    if not p_values:
        return []
    return [float(value) for value in multipletests(p_values, method="holm")[1]]


def interval(values: Sequence[float], seed: int = 0) -> Interval | None:
    """The 95 % percentile bootstrap interval of the mean, the same for the same values and seed.

    None of fewer than two values.
    """
    import numpy as np
    from scipy import stats

    if len(values) < 2:
        return None
    found = stats.bootstrap(
        (np.asarray(values, dtype=float),),
        np.mean,
        n_resamples=_RESAMPLES,
        batch=1_000,
        confidence_level=_CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(found.low), float(found.high)
