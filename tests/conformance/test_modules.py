"""Conformance with PyTorch's own module database, through the translator.

Every layer is built from translated source, takes over PyTorch's state dict, and computes the same
in eval and in train mode; `known_failures.toml` is kept exact, as for the operators.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GROUPS = 12
_LISTED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8")
)
KNOWN = _LISTED["modules"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("group", range(GROUPS))
def test_modules_pass_or_are_listed(
    group: int, record_property: Callable[[str, Any], None]
) -> None:
    from tests.conformance.modules import failures, modules

    chosen = list(modules())[group::GROUPS]
    problems = {name: failures(modules()[name]) for name in chosen}
    passed = [name for name in chosen if not problems[name]]
    record_property("modules", [len(passed), len(chosen)])
    broken = [line for name in chosen if name not in KNOWN for line in problems[name]]
    assert not broken, "\n\n".join(broken)
    mended = [name for name in passed if name in KNOWN]
    assert not mended, f"these pass now, take them off known_failures.toml: {mended}"


@pytest.mark.slow
def test_listed_modules_exist() -> None:
    from tests.conformance.modules import modules

    assert not KNOWN.keys() - modules().keys()
    assert all(KNOWN.values())
