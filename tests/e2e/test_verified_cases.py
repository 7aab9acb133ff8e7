"""Cases of translations whose text alone does not show that they compute what PyTorch does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tojax.nouns import Rung
from tojax.translate import translate
from tojax.verify import verify

FOLDER = Path(__file__).parents[1] / "translate" / "cases"
CASES = [
    "modules/containers_of_containers",
    "modules/looked_up_variables",
    "modules/parameters_of_computed_arrays",
    "rngs/clones",
]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_case_is_verified(case: str) -> None:
    source = (FOLDER / f"{case}.in.py").read_text(encoding="utf-8")
    verdict = verify(source, translate(source).code)
    assert verdict.status == "verified", verdict.message
    assert verdict.rung is Rung.TRAINING
