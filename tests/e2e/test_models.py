"""Every model in `fixtures/models` is translated completely, and verified by execution."""

from __future__ import annotations

from pathlib import Path

import pytest

from tojax.nouns import Rung, Verdict
from tojax.translate import translate
from tojax.verify import verify

MODELS = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.py"))
MINIMUM = 25


def test_there_are_enough_models() -> None:
    """A file that goes missing fails, rather than being skipped."""
    assert len(MODELS) >= MINIMUM


@pytest.mark.slow
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_model_is_verified(path: Path) -> None:
    """Nothing unresolved; outputs, gradients, jit and a training step agree with PyTorch."""
    source = path.read_text(encoding="utf-8")
    translation = translate(source, filename=path.name)
    assert translation.unresolved == ()
    verdict = verify(source, translation.code)
    assert verdict.status == "verified", _explain(verdict)
    assert verdict.rung.height >= Rung.JITS.height, _explain(verdict)
    passed = {evidence.rung for evidence in verdict.evidence if evidence.outcome == "passed"}
    assert {Rung.OUTPUTS, Rung.GRADIENTS, Rung.JITS} <= passed, _explain(verdict)


def _explain(verdict: Verdict) -> str:
    evidence = "\n".join(f"  {e.rung}: {e.outcome} {e.detail}" for e in verdict.evidence)
    return f"{verdict.status} at {verdict.rung}: {verdict.message}\n{evidence}"
