"""Speed of source analysis, as a ratio to what libcst takes to parse the same text."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import libcst
import pytest

from tojax.rules.index import rule_index
from tojax.source import blocks
from tojax.source.analysis import Analyser

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.py"))


@pytest.fixture(scope="module")
def source() -> str:
    """A model file of 1,000 lines: fixtures one after the other, each with names of its own."""
    text = ""
    for number, path in enumerate(FIXTURES):
        part = path.read_text(encoding="utf-8")
        for name in re.findall(r"^(?:class|def) (\w+)", part, re.MULTILINE):
            part = re.sub(rf"\b{name}\b", f"{name}{number}", part)
        text += part + "\n\n"
        if text.count("\n") >= 1000:
            return text
    raise AssertionError("too few fixtures")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def test_analysis_from_cold_and_after_an_edit(source: str) -> None:
    rule_index()
    lines = source.split("\n")
    places = [n for n, line in enumerate(lines) if re.fullmatch(r" {8}\w+ = .*\w\)", line)]
    analyser = Analyser()
    analyser.analyse(source)
    parse, cold, edited = [], [], []
    for number in range(10):
        parse.append(_seconds(lambda: libcst.parse_module(source)))
        lines_now = list(lines)
        lines_now[places[number]] += f" * {number}.5"
        text = "\n".join(lines_now)
        edited.append(_seconds(lambda text=text: analyser.analyse(text)))  # type: ignore[misc]
        analyser.analyse(source)
        blocks._MEMORY.forget(beyond=0)
        cold.append(_seconds(lambda: Analyser().analyse(source)))
        analyser.analyse(source)
    assert min(cold) <= min(parse)
    assert min(edited) <= 0.12 * min(parse)
