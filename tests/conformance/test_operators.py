"""Conformance with PyTorch's own operator database, through the translator.

Every sample is written as a small PyTorch function, translated as source, run and compared.
`known_failures.toml` lists what does not pass yet, what is not deterministic and what cannot run
under `jax.jit`. It is kept exact: an operator that fails without being listed, or passes although
it is listed, fails the test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GROUPS = 36
LEAST = 637  # 95 % of 671
JIT_EVERY = 4  # compiling takes long: every fourth operator of a group runs under jax.jit too
_LISTED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8")
)
KNOWN, RANDOM, EAGER = _LISTED["fails"], _LISTED["random"], _LISTED["eager"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("group", range(GROUPS))
def test_operators_pass_or_are_listed(
    group: int, record_property: Callable[[str, Any], None]
) -> None:
    from tests.conformance.operators import failures, operators

    chosen = [name for name in operators() if name not in RANDOM][group::GROUPS]
    problems = {
        name: failures(operators()[name], jit=number % JIT_EVERY == 0 and name not in EAGER)
        for number, name in enumerate(chosen)
    }
    passed = [name for name in chosen if not problems[name]]
    record_property("operators", [len(passed), len(chosen)])
    broken = [line for name in chosen if name not in KNOWN for line in problems[name]]
    assert not broken, "\n\n".join(broken)
    mended = [name for name in passed if name in KNOWN]
    assert not mended, f"these pass now, take them off known_failures.toml: {mended}"


@pytest.mark.slow
def test_enough_operators_pass() -> None:
    from tests.conformance.operators import operators

    names = operators().keys()
    unknown = (KNOWN.keys() | RANDOM.keys() | EAGER.keys()) - names
    assert not unknown, f"not in this version's database: {sorted(unknown)}"
    assert not KNOWN.keys() & RANDOM.keys()
    assert all(_LISTED[table][name] for table in _LISTED for name in _LISTED[table])
    # The groups above assert that exactly the listed operators fail.
    assert len(names) - len(RANDOM) - len(KNOWN) >= LEAST
