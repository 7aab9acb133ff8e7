"""The limits on how long translating and checking may take."""

from __future__ import annotations

import ast

import libcst
import pytest

from tests.benchmarks.speed import LIMITS, Measurement, edited, measure, model_file, table


def test_the_file_is_what_it_is_said_to_be() -> None:
    source = model_file(0)
    assert 1000 <= len(source.splitlines()) <= 1300
    libcst.parse_module(source)
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    assert len(names) == len(set(names)) >= 20
    changed = [
        pair
        for pair in zip(source.splitlines(), edited(source).splitlines(), strict=True)
        if len(set(pair)) > 1
    ]
    assert len(changed) == 1
    ast.parse(edited(source))


@pytest.fixture(scope="module")
def measurements() -> dict[str, Measurement]:
    found = measure()
    print(table(found))
    return {measurement.name: measurement for measurement in found}


@pytest.mark.slow
@pytest.mark.parametrize("name", LIMITS)
def test_within_its_limit(measurements: dict[str, Measurement], name: str) -> None:
    assert measurements[name].ratio <= LIMITS[name]
