"""Conformance with PyTorch's own optimizer database, through the translator.

A training loop with each of the database's options gives PyTorch's parameters after 20 steps; with
each scheduler it gives PyTorch's parameters and learning rates after 50. What has no counterpart
is listed in `known_failures.toml`, and says when it is translated what it lacks.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

_LISTED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_failures.toml").read_text(encoding="utf-8")
)
KNOWN = _LISTED["optimizers"]
OPTIMIZERS = [
    "Adadelta", "Adafactor", "Adagrad", "Adam", "Adamax", "AdamW", "ASGD", "LBFGS", "Muon",
    "NAdam", "RAdam", "RMSprop", "Rprop", "SGD", "SparseAdam",
]  # fmt: skip
SCHEDULERS = [
    "LambdaLR", "MultiplicativeLR", "StepLR", "MultiStepLR", "ConstantLR", "LinearLR",
    "ExponentialLR", "PolynomialLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts",
    "OneCycleLR", "CyclicLR", "ReduceLROnPlateau", "SequentialLR", "ChainedScheduler",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_pass_or_say_what_they_lack(name: str) -> None:
    from tests.conformance.optimizers import failures, optimizer_cases, optimizers

    cases = optimizer_cases(optimizers()[name])
    assert cases
    # A step with a closure is 20 updates; after a hundred, rounding decides where they lead.
    problems = failures(cases, steps=2 if cases[0].by_closure else 20)
    if name in KNOWN:
        assert problems == [f"torch.optim.{name}: {KNOWN[name]}"]
    else:
        assert not problems, "\n\n".join(problems)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("name", SCHEDULERS)
def test_schedulers_pass(name: str, kind: str) -> None:
    from tests.conformance.optimizers import failures
    from tests.conformance.schedulers import scheduler_cases

    problems = failures(scheduler_cases(name, kind=kind), steps=50)
    assert not problems, "\n\n".join(problems)


@pytest.mark.slow
def test_every_optimizer_and_scheduler_of_pytorch_is_checked() -> None:
    import torch

    from tests.conformance.optimizers import optimizers
    from tests.conformance.schedulers import SCHEDULERS as CALLS

    classes = {name for name in torch.optim.__all__ if name[0].isupper()} - {"Optimizer"}
    assert set(OPTIMIZERS) == set(optimizers()) == classes
    schedulers = set(torch.optim.lr_scheduler.__all__) - {"LRScheduler"}
    assert set(SCHEDULERS) == set(CALLS) == schedulers
    assert KNOWN.keys() <= set(OPTIMIZERS)
