"""How long translating and checking take, as multiples of what libcst needs to parse the file.

python -m tests.benchmarks.speed
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import libcst

import tojax

MODELS = Path(__file__).parents[2] / "fixtures" / "models"
LINES = 1000
LIMITS = {"translate": 3.0, "check": 1.5, "check after an edit": 0.15}


@dataclass(frozen=True)
class Measurement:
    """Seconds of work, those of the parses around each, and the ratio that is allowed."""

    name: str
    seconds: list[float]
    parse_seconds: list[float]
    limit: float

    @property
    def ratio(self) -> float:
        """Multiples of the parse: of the two measured next to each other, as processors change
        their speed from one second to the next."""
        pairs = zip(self.seconds, self.parse_seconds, strict=True)
        return median(work / parse for work, parse in pairs)


def model_file(version: int) -> str:
    """A file of a thousand lines: fixture models one after the other, in which every class and
    function has a name of its own, also from one version to the next, so that nothing is cached."""
    lines: list[str] = []
    for path in sorted(MODELS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for name in set(re.findall(r"^(?:class|def) (\w+)", text, re.MULTILINE)):
            text = re.sub(rf"\b{name}\b", f"{name}_{path.stem}_{version}", text)
        lines += [line for line in text.splitlines() if "from __future__" not in line]
        if len(lines) >= LINES:
            break
    return "\n".join(lines) + "\n"


def edited(source: str) -> str:
    """The file with one line changed, in the middle of a method."""
    lines = source.splitlines(keepends=True)
    middle = next(
        number
        for number, line in enumerate(lines)
        if number > len(lines) // 2 and line.startswith(" " * 8) and line.endswith(")\n")
    )
    lines[middle] = lines[middle].rstrip("\n") + "  # edited\n"
    return "".join(lines)


def measure(repetitions: int = 9) -> list[Measurement]:
    """Several repetitions of each, taken in turns in this process."""
    first, *sources = [model_file(version) for version in range(repetitions + 1)]
    tojax.translate(first)  # loads the rules
    tojax.check(first)
    seconds: dict[str, list[float]] = {name: [] for name in LIMITS}
    parses: dict[str, list[float]] = {name: [] for name in LIMITS}
    for source in sources:
        changed = edited(source)
        works: dict[str, Callable[[], object]] = {
            "translate": partial(tojax.translate, source),
            "check": partial(tojax.check, source),
            "check after an edit": partial(tojax.check, changed),
        }
        parse = partial(libcst.parse_module, source)
        before = _seconds(parse)
        for name, work in works.items():
            seconds[name].append(_seconds(work))
            after = _seconds(parse)
            parses[name].append((before + after) / 2)
            before = after
    return [Measurement(name, seconds[name], parses[name], LIMITS[name]) for name in LIMITS]


def _seconds(work: Callable[[], object]) -> float:
    """Processor time, which other processes hardly change."""
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def table(measurements: list[Measurement]) -> str:
    """The medians as aligned text."""
    lines = [f"{'':20} {'ms':>8} {'parses':>8} {'limit':>6}"]
    parse = median(seconds for m in measurements for seconds in m.parse_seconds)
    lines.append(f"{'libcst.parse_module':20} {1000 * parse:8.1f} {1:8.2f}")
    for m in measurements:
        middle = 1000 * median(m.seconds)
        lines.append(f"{m.name:20} {middle:8.1f} {m.ratio:8.2f} {m.limit:6.2f}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(f"a model file of {len(model_file(0).splitlines())} lines")
    print(table(measure()))
