"""Pairs that mean the same are verified, to the last rung that applies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tojax.nouns import Rung, Verdict

from tests.verify.pairs import FUNCTION, NORM, SAME, TORCH


@pytest.mark.parametrize("name", SAME)
def test_equal_meaning_is_verified(check: Callable[..., Verdict], name: str) -> None:
    verdict = check(*SAME[name])
    assert verdict.status == "verified", verdict.message
    assert all(item.outcome != "failed" for item in verdict.evidence)
    assert verdict.rung.height >= Rung.JITS.height


def test_module_reaches_the_training_step(check: Callable[..., Verdict]) -> None:
    verdict = check(*NORM)
    assert verdict.rung is Rung.TRAINING
    assert verdict.torch_seconds and verdict.jax_seconds
    assert verdict.device == "cpu" and "float64" in verdict.tolerance


def test_every_target_is_a_part(check: Callable[..., Verdict]) -> None:
    verdict = check(*FUNCTION)
    assert [part.target for part in verdict.parts] == ["loss", "top"]


def test_inputs_from_the_caller(check: Callable[..., Verdict]) -> None:
    np = pytest.importorskip("numpy")
    source = TORCH + "def f(x, n):\n    return x * n\n"
    jax_source = "def f(x, n):\n    return n * x\n"
    inputs = [np.arange(6, dtype=np.float32).reshape(2, 3), 3]
    assert check(source, jax_source, inputs=inputs).status == "verified"
    assert check(source, jax_source).status == "unverified"


def test_without_inputs_the_message_says_what_to_add(check: Callable[..., Verdict]) -> None:
    verdict = check(TORCH + "def f(x):\n    return x\n", "def f(x):\n    return x\n")
    assert verdict.status == "unverified" and "get_inputs" in verdict.message
