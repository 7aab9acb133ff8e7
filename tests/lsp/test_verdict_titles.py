"""How fast a verified translation is reads well, be it slow or very fast."""

from __future__ import annotations

import pytest

from tojax.lsp.verdict_titles import verdict_title


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1.8, "1.8"), (0.0456, "0.046"), (0.03, "0.03"), (12.3, "12"), (123.4, "123"), (1.0, "1")],
)
def test_speed(ratio: float, text: str) -> None:
    verdict = {"status": "verified", "message": "", "unreached": [], "evidence": []}
    title = verdict_title({**verdict, "torch_seconds": ratio, "jax_seconds": 1.0})
    assert title == f"verified, {text}\N{MULTIPLICATION SIGN} PyTorch"
