"""Stored answers are no translation: inputs that repeat themselves are varied."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch

from tojax.nouns import Rung, Verdict
from tojax.verify.torch_variation import small, varied

JAX = "import jax.numpy as jnp\n"


def torch_file(body: str, inputs: str) -> str:
    return f"import torch\n\ndef f(x):\n    {body}\n\ndef get_inputs():\n    return [{inputs}]\n"


# What f returns for the inputs shown, by hand, and the right answer.
STORED = {
    "floats": ("return x * 2", "torch.tensor([1., 2.])", "jnp.array([2., 4.])", "x * 2"),
    "floats with their gradient": (
        "return x * x",
        "torch.tensor([1., 2.])",
        "jnp.array([1., 4.]) + jnp.array([2., 4.]) * (x - jnp.array([1., 2.]))",
        "x * x",
    ),
    "the same draws": (
        "return x > 0",
        "torch.randn(8) if torch.manual_seed(0) else None",
        "jnp.array([True, False, False, True, False, False, True, True])",
        "x > 0",
    ),
    "zeros": ("return (x > 0).sum()", "torch.zeros(3)", "jnp.array(0)", "(x > 0).sum()"),
    "whole numbers": (
        "return x * 2",
        "torch.tensor([[1, 2], [3, 4]])",
        "jnp.array([[2, 4], [6, 8]])",
        "x * 2",
    ),
}


@pytest.mark.parametrize("name", STORED)
def test_stored_answers_differ(check: Callable[..., Verdict], name: str) -> None:
    body, inputs, stored, right = STORED[name]
    source = torch_file(body, inputs)
    verdict = check(source, f"{JAX}def f(x):\n    return {stored}\n", seeds=(0, 1, 2))
    assert verdict.status == "differs", verdict
    failed = next(item.rung for item in verdict.evidence if item.outcome == "failed")
    assert failed is Rung.OUTPUTS
    assert "varied" in (verdict.failing_input or "")
    verdict = check(source, f"{JAX}def f(x):\n    return {right}\n", seeds=(0, 1, 2))
    assert verdict.status == "verified", verdict.message


def test_inputs_of_the_caller_are_varied_too(check: Callable[..., Verdict]) -> None:
    source = "import torch\n\ndef f(x):\n    return x.sum(0)\n"
    given = {"inputs": [torch.tensor([[1, 2], [3, 4]]).numpy()]}
    right = check(source, "def f(x):\n    return x.sum(0)\n", **given)
    assert right.status == "verified", right.message
    body = "import torch\n\ndef f(x):\n    return x.flip(0)\n"
    assert check(body, "def f(x):\n    return x[::-1]\n", **given).status == "verified"
    stored = f"{JAX}def f(x):\n    return jnp.array([[3, 4], [1, 2]])\n"
    assert check(body, stored, **given).status == "differs"


def test_inputs_that_pytorch_refuses_are_left_out(check: Callable[..., Verdict]) -> None:
    refusing = "assert x.tolist() == [1, 2]\n    return x * 2"
    verdict = check(torch_file(refusing, "torch.tensor([1., 2.])"), "def f(x):\n    return x * 2\n")
    assert verdict.status == "verified", verdict.message
    runs = next(item for item in verdict.evidence if item.rung is Rung.RUNS)
    assert "one set of inputs" in runs.detail
    verdict = check(
        torch_file("return torch.linalg.cholesky(x)", "torch.tensor([[2., 1.], [1., 2.]])"),
        f"{JAX}def f(x):\n    return jnp.linalg.cholesky(x)\n",
    )
    assert verdict.status == "verified", verdict.message


def test_random_inputs_stay_as_they_are(check: Callable[..., Verdict]) -> None:
    verdict = check(torch_file("return x.abs()", "torch.randn(3)"), "def f(x):\n    return x\n")
    assert "varied" not in (verdict.failing_input or "")


def test_what_shrinking_keeps() -> None:
    x = torch.tensor([[2.0, -1.0], [-1.0, 3.0]])
    flags = torch.tensor([True, False])
    changed, same, nested = varied([x, flags, {"n": 3}], 1, freely=False)
    assert bool((changed.abs() <= x.abs()).all()) and bool((changed.sign() == x.sign()).all())
    assert not torch.equal(changed, x)
    assert same is flags and nested == {"n": 3}


@pytest.mark.parametrize("freely", [True, False])
def test_what_varying_keeps(freely: bool) -> None:
    symmetric = torch.tensor([[2.0, -1.0], [-1.0, 3.0]])
    rising, falling = torch.arange(9.0), -torch.arange(8.0).reshape(2, 4)
    a, b, c = varied([symmetric, rising, falling], 1, freely=freely)
    assert torch.equal(a, a.mT) and not torch.equal(a, symmetric)
    assert bool((b.diff() >= 0).all()) and not torch.equal(b, rising)
    assert bool((c.diff() <= 0).all()) and not torch.equal(c, falling)


def test_moving_changes_signs() -> None:
    x = torch.linspace(-1, 1, 64)[torch.randperm(64, generator=torch.Generator().manual_seed(0))]
    assert bool((varied(x, 1, freely=True).sign() != x.sign()).any())


def test_rows_of_integers_are_permuted_if_there_is_nothing_else() -> None:
    rows = torch.arange(40).reshape(20, 2)
    permuted = varied(rows, 1, freely=True)
    assert not torch.equal(permuted, rows) and sorted(permuted.tolist()) == rows.tolist()
    assert torch.equal(varied(rows, 1, freely=False), permuted)
    assert varied([rows, torch.ones(1)], 1, freely=True)[0] is rows


def test_small_inputs_show_an_epsilon(check: Callable[..., Verdict]) -> None:
    source = torch_file("return torch.nn.functional.layer_norm(x, (6,), eps=1e-7)", "torch.rand(6)")
    version = (
        f"{JAX}from jax import lax\n\ndef f(x):\n"
        "    return (x - x.mean()) * lax.rsqrt(x.var() + EPSILON)\n"
    )
    wrong = check(source, version.replace("EPSILON", "2e-7"))
    assert wrong.status == "differs" and "(small)" in (wrong.failing_input or ""), wrong
    right = check(source, version.replace("EPSILON", "1e-7"))
    assert right.status == "verified", right.message


REFUSING = {
    "an error": ("assert float(x.abs().max()) > 0.1\n    return x * 2", "x * 2"),
    "not finite": ("return x / (x.abs() > 0.1).any()", "x / (jnp.abs(x) > 0.1).any()"),
}


@pytest.mark.parametrize("name", REFUSING)
def test_small_inputs_that_pytorch_refuses_are_left_out(
    check: Callable[..., Verdict], name: str
) -> None:
    body, right = REFUSING[name]
    source = torch_file(body, "torch.randn(8)")
    verdict = check(source, f"{JAX}def f(x):\n    return {right}\n")
    assert verdict.status == "verified", verdict.message
    runs = next(item for item in verdict.evidence if item.rung is Rung.RUNS)
    # Two; large ones, longer ones, a single one and coarse ones.
    assert "6 sets of inputs" in runs.detail


@pytest.mark.parametrize("rounded", ["jnp.exp(x) - 1", "(jnp.expm1(x) + 4) - 4"])
def test_small_inputs_are_no_test_of_rounding(check: Callable[..., Verdict], rounded: str) -> None:
    source = torch_file("return torch.expm1(x)", "torch.randn(8)")
    verdict = check(source, f"{JAX}def f(x):\n    return {rounded}\n")
    assert verdict.status == "verified", verdict.message


def test_half_precision_is_not_made_small() -> None:
    half, single = torch.ones(2, dtype=torch.float16), torch.ones(2)
    same, changed, number = small([half, single, 3.0])
    assert same is half and number == 3.0
    assert 0 < float(changed.max()) < 0.01


MACHINE_EPSILON = {
    "the default of a layer": ("torch.nn.RMSNorm(6)(x)", "norm(x, jnp.finfo(x.dtype).eps)"),
    "the default of a function": (
        "torch.nn.functional.rms_norm(x, (6,))",
        "norm(x, jnp.finfo(jnp.float32).eps)",
    ),
    "asked for": (
        "x / (x.abs() + torch.finfo(x.dtype).eps)",
        "x / (jnp.abs(x) + jnp.finfo(x.dtype).eps)",
    ),
}


@pytest.mark.parametrize("name", MACHINE_EPSILON)
def test_the_reference_has_the_machine_epsilon_of_float32(
    check: Callable[..., Verdict], name: str
) -> None:
    body, right = MACHINE_EPSILON[name]
    source = torch_file(f"return {body}", "torch.randn(6) * 1e-3")
    version = (
        f"{JAX}from jax import lax\n\ndef norm(x, eps):\n"
        "    return x * lax.rsqrt((x * x).mean() + eps)\n"
        f"\ndef f(x):\n    return {right}\n"
    )
    verdict = check(source, version)
    assert verdict.status == "verified", verdict.message
    wrong = re.sub(r"jnp\.finfo\(.*?\)\.eps", "1e-6", version)
    assert check(source, wrong).status == "differs"


def test_the_second_opinion_has_it_too(check: Callable[..., Verdict]) -> None:
    source = torch_file("return torch.nn.functional.rms_norm(x, (64,))", "torch.randn(64) * 1e-3")
    verdict = check(
        source,
        f"{JAX}from jax import lax\n\ndef f(x):\n"
        "    scale = lax.rsqrt((x * x).mean() + jnp.finfo(x.dtype).eps)\n"
        "    return (x * scale + 128) - 128\n",
    )
    assert verdict.status == "verified", verdict.message
    assert "six digits" in verdict.tolerance
