"""Sums up how many operators, gradients and modules of PyTorch's databases pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def compiled_quickly() -> Iterator[None]:
    """Most of the time goes into compiling what runs once."""
    from tojax.verify.jax_quick import quick_compiler

    with quick_compiler():
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print ``operators passed/total``, added up over the groups and worker processes."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if getattr(report, "when", "") == "call" and name in (
                    "operators",
                    "gradients",
                    "modules",
                ):
                    sums[name] = [one + more for one, more in zip(sums[name], value, strict=True)]
    for name, (passed, total) in sums.items():
        terminalreporter.write_line(f"{name} passed/total: {passed}/{total}")
