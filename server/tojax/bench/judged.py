"""What the answers of judges come to, and how far judges can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from tojax.bench.grouping import Group, Value
from tojax.bench.records import Judgement, Sample


class Judged:
    """What judges said, by sample; of several judges the mean."""

    def __init__(self, judgements: Sequence[Judgement]) -> None:
        self._judgements = judgements
        scores: dict[tuple[str, ...], list[float]] = {}
        for each in judgements:
            if each.value is not None and each.metric != "comparison":
                value = len(each.value) if isinstance(each.value, tuple) else each.value
                key = (each.metric, each.model, each.arm, each.case, str(each.number))
                scores.setdefault(key, []).append(value)
        self._scores = {key: fmean(values) for key, values in scores.items()}
        self.values: Mapping[str, Value] = {
            "codetrans": lambda sample: self.score("codetrans", sample),
            "fixes needed": lambda sample: self.score("fixcost", sample),
        }

    def score(self, metric: str, sample: Sample) -> float | None:
        """The score of a sample, if a judge's answer could be read."""
        key = (metric, sample.model, sample.arm, sample.case, str(sample.number))
        return self._scores.get(key)

    def kinds(self, group: Group) -> dict[str, int]:
        """How many fixes of each kind judges ask for."""
        found = Counter(
            kind
            for each in self._judgements
            if (each.model, each.arm) == group and isinstance(each.value, tuple)
            for kind in each.value
        )
        return dict(sorted(found.items()))

    def comparison(self, group: Group) -> dict[str, Any] | None:
        """How an arm fares against the first one: a win is one in both orders.

        Where the orders disagree, the place decided and not the code: no win, counted apart.
        """
        orders: dict[tuple[str, ...], dict[bool, Judgement]] = {}
        for each in self._judgements:
            if each.metric == "comparison" and (each.model, each.arm) == group:
                pair = (each.judge, each.case, str(each.number))
                orders.setdefault(pair, {})[each.swapped] = each
        if not orders:
            return None
        found = Counter(_outcome(both) for both in orders.values())
        against = next(e.against for both in orders.values() for e in both.values())
        names = ("won", "lost", "tie", "orders disagree", "unreadable")
        return {"against": against, **{name: found[name] for name in names}}

    def judges(self) -> list[dict[str, Any]]:
        """For each judge and question, how many answers could be read; and which place wins."""
        by_question: dict[tuple[str, str], list[Judgement]] = {}
        for each in self._judgements:
            by_question.setdefault((each.judge, each.metric), []).append(each)
        return [
            {
                "judge": judge,
                "metric": metric,
                "asked": len(found),
                "unreadable": sum(each.value is None for each in found),
                **(_position_bias(found) if metric == "comparison" else {}),
            }
            for (judge, metric), found in by_question.items()
        ]


def _outcome(both: Mapping[bool, Judgement]) -> str:
    if len(both) < 2 or any(each.value is None for each in both.values()):
        return "unreadable"
    for_arm = {_points(each) for each in both.values()}
    if len(for_arm) > 1:
        return "orders disagree"
    return {1: "won", -1: "lost", 0: "tie"}[for_arm.pop()]


def _points(judgement: Judgement) -> int:
    """1 if the arm wins, -1 if the other one does."""
    if judgement.value == 0:
        return 0
    return 1 if (judgement.value == 1) != judgement.swapped else -1


def _position_bias(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """Without bias the first place wins half of what is decided."""
    places = Counter(each.value for each in judgements)
    decided = places[1] + places[2]
    return {
        "first place won": places[1],
        "second place won": places[2],
        "ties": places[0],
        "position bias": places[1] / decided - 0.5 if decided else None,
    }
