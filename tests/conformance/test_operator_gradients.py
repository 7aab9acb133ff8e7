"""Gradients of PyTorch's own operator database, through the translator.

The samples are those of `test_operators.py`, of every operator that PyTorch differentiates;
`known_failures.toml` is kept exact here too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GROUPS = 36
LEAST = 0.9
_LISTED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8")
)
KNOWN, EAGER = _LISTED["gradients"], _LISTED["eager"]


def _differentiable() -> list[str]:
    from tests.conformance.operators import operators

    found = operators().items()
    return [name for name, op in found if op.supports_autograd and name not in _LISTED["random"]]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("group", range(GROUPS))
def test_gradients_pass_or_are_listed(
    group: int, record_property: Callable[[str, Any], None]
) -> None:
    from tests.conformance.operator_gradients import gradient_failures
    from tests.conformance.operators import operators

    chosen = _differentiable()[group::GROUPS]
    problems = {
        name: gradient_failures(operators()[name], jit=name not in EAGER) for name in chosen
    }
    passed = [name for name in chosen if not problems[name]]
    record_property("gradients", [len(passed), len(chosen)])
    broken = [line for name in chosen if name not in KNOWN for line in problems[name]]
    assert not broken, "\n\n".join(broken)
    mended = [name for name in passed if name in KNOWN]
    assert not mended, f"these pass now, take them off known_failures.toml: {mended}"


@pytest.mark.slow
def test_enough_gradients_pass() -> None:
    names = _differentiable()
    assert not KNOWN.keys() - set(names)
    assert all(KNOWN.values())
    # The groups above assert that exactly the listed ones fail.
    assert len(KNOWN) <= (1 - LEAST) * len(names)
