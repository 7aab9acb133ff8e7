"""Pairs that mean the same are verified, to the last rung that applies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import tojax.verify
from tests.verify.pairs import FUNCTION, NORM, SAME, TORCH
from tojax.nouns import Rung, Verdict


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
    source = TORCH + "def f(x, n):\n    return x * n\n"
    jax_source = "def f(x, n):\n    return n * x\n"
    inputs = [np.arange(6, dtype=np.float32).reshape(2, 3), 3]
    assert check(source, jax_source, inputs=inputs).status == "verified"
    assert check(source, jax_source).status == "unverified"


def test_without_inputs_the_message_says_what_to_add(check: Callable[..., Verdict]) -> None:
    verdict = check(TORCH + "def f(x):\n    return x\n", "def f(x):\n    return x\n")
    assert verdict.status == "unverified" and "get_inputs" in verdict.message


def test_every_epoch_has_its_own_shuffle(check: Callable[..., Verdict]) -> None:
    source = (
        f"{TORCH}from torch.utils.data import DataLoader\n"
        "# tojax: inputs=(6,)\ndef f(n):\n"
        "    loader = DataLoader(torch.arange(n), batch_size=n, shuffle=True)\n"
        "    return torch.stack([next(iter(loader)) for _ in range(4)])\n"
    )
    version = (
        "import jax\nimport jax.numpy as jnp\ndef f(n):\n"
        "    keys = jax.random.split(jax.random.key(0), 4)\n"
        "    return jnp.stack([jax.random.permutation(key, n) for key in keys])\n"
    )
    verdict = check(source, version)
    assert verdict.status == "verified", verdict.message


def test_python_values_need_no_compilation(check: Callable[..., Verdict]) -> None:
    source = TORCH + "# tojax: inputs=(float32[4],)\ndef f(x):\n    return bool((x > 0).any())\n"
    verdict = check(source, "def f(x):\n    return bool((x > 0).any())\n")
    assert verdict.status == "verified", verdict.message
    outcomes = {item.rung: item.outcome for item in verdict.evidence}
    assert outcomes[Rung.JITS] == "not applicable"
    assert check(source, "def f(x):\n    return bool((x > 9).any())\n").status == "differs"


def test_rounding_alone_is_no_difference(check: Callable[..., Verdict]) -> None:
    source = TORCH + "# tojax: inputs=(float32[64],)\ndef f(x):\n    return x\n"
    verdict = check(source, "def f(x):\n    return (x + 64) - 64\n")
    assert verdict.status == "verified" and "six digits" in verdict.tolerance
    assert check(source, "def f(x):\n    return (x + 2**16) - 2**16\n").status == "differs"


def test_the_second_opinion_widens_the_data_that_objects_hold(
    check: Callable[..., Verdict],
) -> None:
    """`lax.mul` refuses mixed dtypes, so the float64 run needs the batches in float64 too."""
    held = "class Batches:\n    def __init__(self):\n        self.images = [{}]\n"
    source = (
        TORCH
        + held.format("torch.linspace(-1, 1, 64)")
        + "def setup():\n    return nn.Linear(64, 1), Batches()\n"
        + "# tojax: inputs=setup()\n"
        + "def f(model, batches):\n    return model.weight * batches.images[0]\n"
    )
    jax_source = (
        "import jax.numpy as jnp\nfrom flax import nnx\nfrom jax import lax\n"
        + held.format("jnp.linspace(-1, 1, 64, dtype=jnp.float32)")
        + "def setup(*, rngs):\n    return nnx.Linear(64, 1, rngs=rngs), Batches()\n"
        + "def f(model, batches):\n"
        + "    product = lax.mul(model.kernel[...].T, batches.images[0][None])\n"
        + "    return (product + 256) - 256\n"
    )
    verdict = check(source, jax_source)
    assert verdict.status == "verified", verdict.message
    assert "six digits" in verdict.tolerance


def test_importing_the_package_imports_no_framework() -> None:
    code = (
        "import sys, tojax.verify, tojax.weights\n"
        "print({'torch', 'jax', 'flax'} & set(sys.modules))"
    )
    server = str(Path(tojax.verify.__file__).parents[2])
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": server},
    )
    assert result.stdout.strip() == "set()"
