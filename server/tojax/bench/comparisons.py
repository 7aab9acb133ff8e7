"""Every pair of arms of a model, by every metric: a family of tests each, corrected by Holm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from tojax.bench.grouping import Group, Value, by_case, mean
from tojax.bench.records import Plan, Sample
from tojax.bench.statistics import Comparison, holm, mcnemar, wilcoxon

EXECUTED: Mapping[str, Value] = {
    "codebleu": lambda sample: sample.codebleu.score if sample.codebleu else None,
    "places to fix": lambda sample: sample.fix.places if sample.fix else None,
}
TIMED: Mapping[str, Value] = {
    "run time": lambda sample: sample.final.jax_seconds if sample.final.passed else None,
}


def compare_passes(plan: Plan, groups: Mapping[Group, Sequence[Sample]]) -> list[dict[str, Any]]:
    """McNemar on the first sample of each case: further ones are not independent of it."""
    metrics: Mapping[str, Callable[[Sample], bool]] = {
        "pass": lambda sample: sample.first.passed,
        "pass after repair": lambda sample: sample.final.passed,
    }
    return [
        row
        for metric, passed in metrics.items()
        for row in _family(
            plan,
            {
                group: {s.case: passed(s) for s in found if s.number == 1}
                for group, found in groups.items()
            },
            metric,
            mcnemar,
            judged=False,
        )
    ]


def compare_scores(
    plan: Plan,
    groups: Mapping[Group, Sequence[Sample]],
    metrics: Mapping[str, Value],
    *,
    judged: bool,
) -> list[dict[str, Any]]:
    """Wilcoxon on the mean of each case."""
    rows: list[dict[str, Any]] = []
    for metric, value in metrics.items():
        means: dict[Group, dict[str, float]] = {}
        for group, found in groups.items():
            of_case = {case: mean(map(value, each)) for case, each in by_case(found).items()}
            means[group] = {case: mean for case, mean in of_case.items() if mean is not None}
        rows += _family(plan, means, metric, wilcoxon, judged=judged)
    return rows


def _family(
    plan: Plan,
    values: Mapping[Group, Mapping[str, Any]],
    metric: str,
    test: Callable[[Sequence[Any], Sequence[Any], int], Comparison],
    *,
    judged: bool,
) -> list[dict[str, Any]]:
    """All pairs of arms of each model by one metric, corrected for their number."""
    rows: list[dict[str, Any]] = []
    for model in plan.models:
        for first, second in combinations(plan.arms, 2):
            one, two = values.get((model, first), {}), values.get((model, second), {})
            cases = [case for case in one if case in two]
            if cases:
                found = test([one[c] for c in cases], [two[c] for c in cases], plan.seed)
                pair = {"model": model, "first": first, "second": second}
                rows.append({"metric": metric, "judged": judged, **pair, **asdict(found)})
    corrected = holm([row["p_value"] for row in rows])
    return [row | {"p_holm": p} for row, p in zip(rows, corrected, strict=True)]
