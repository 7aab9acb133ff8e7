"""Gross regressions of the language server's latency, as multiples of work in the same run."""

from __future__ import annotations

import ast
import time
from statistics import median

import pytest

from tests.benchmarks.latency import Measurement, latencies
from tests.benchmarks.sources import large_class, torch_source

LINES = 2000
EVENTS = 25
# Multiples of the time that `ast.parse` takes for the same file.
LIMITS = {"diagnostics": 6.0, "hover": 2.0, "actions": 3.0, "resolve": 25.0}


def test_the_source_is_what_it_is_said_to_be() -> None:
    source = torch_source(LINES)
    assert LINES <= source.count("\n") < LINES + 50
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert len(names) == len(set(names)) and "Large" in names
    assert 90 <= large_class().count("\n") <= 110


def _parse_milliseconds(source: str) -> float:
    seconds = []
    for _ in range(9):
        begin = time.perf_counter()
        ast.parse(source)
        seconds.append(time.perf_counter() - begin)
    return 1000 * median(seconds)


@pytest.fixture(scope="module")
def measurements() -> dict[str, Measurement]:
    return {measurement.event: measurement for measurement in latencies(EVENTS, (LINES,))}


@pytest.mark.slow
@pytest.mark.parametrize("event", LIMITS)
def test_no_event_takes_far_longer_than_it_should(
    measurements: dict[str, Measurement], event: str
) -> None:
    assert measurements[event].p50 <= LIMITS[event] * _parse_milliseconds(torch_source(LINES))
