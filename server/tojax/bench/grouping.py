"""Samples by arm and by case, and means of what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import fmean

from tojax.bench.records import Sample

Group = tuple[str, str]  # model, arm
Value = Callable[[Sample], float | None]


def by_case(samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    """Samples by their case, in order."""
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.case, []).append(sample)
    return found


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that are known, if there are any."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
