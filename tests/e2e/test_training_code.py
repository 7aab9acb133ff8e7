"""Training code as people write it: translated completely, and equal to PyTorch step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from tojax.nouns import Rung
from tojax.translate import translate
from tojax.verify import verify

CASES = sorted((Path(__file__).parent / "training").glob("*.py"))


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_training_is_verified(path: Path) -> None:
    source = path.read_text()
    translation = translate(source)
    assert translation.unresolved == ()
    verdict = verify(source, translation.code)
    assert verdict.status == "verified", verdict.message
    assert {part.rung for part in verdict.parts or (verdict,)} == {Rung.TRAINING}
