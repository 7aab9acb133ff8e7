"""A few steps of plain gradient descent on the PyTorch side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from tojax.verify.draws import CannotReplay
from tojax.verify.torch_copies import copied
from tojax.verify.torch_values import TorchArrays
from tojax.verify.tree import Leaf, to_leaf

if TYPE_CHECKING:
    from tojax.verify.torch_case import Case
    from tojax.verify.torch_problem import TorchProblem

LARGEST_STEP = 0.01
NUDGE = 2.0**-24


@dataclass(frozen=True)
class Training:
    """State after the steps; ``rate`` was the step size.

    ``precise`` is the state in float64, or with slightly moved inputs if there is no float64.
    """

    rate: float
    given: dict[str, Leaf]
    precise: dict[str, Leaf]
    has_float64: bool


def train(problem: TorchProblem, cases: Sequence[Case], device: str) -> Training | str:
    """One step for each case: parameters move against the gradient of the weighted outputs.

    Returns:
        The trained state, or why there is none.
    """
    if not cases:
        return "PyTorch does not run in train mode"
    if any(case.why_no_gradient for case in cases):
        return next(case.why_no_gradient for case in cases if case.why_no_gradient)
    gradients = [g for n, g in cases[0].run.gradients.items() if n.startswith("parameter ")]
    largest = max((float(g.abs().max()) for g in gradients if g.numel()), default=0.0)
    if not 0 < largest < float("inf"):
        return "no parameter has a finite gradient other than zero"
    rate = LARGEST_STEP / largest
    given = _steps(problem, cases, rate, device, double=False)
    try:
        return Training(rate, given, _steps(problem, cases, rate, device, double=True), True)
    except (Exception, CannotReplay):
        precise = _steps(problem, cases, rate, device, double=False, nudge=NUDGE)
        return Training(rate, given, precise, False)


def _steps(
    problem: TorchProblem,
    cases: Sequence[Case],
    rate: float,
    device: str,
    *,
    double: bool,
    nudge: float = 0.0,
) -> dict[str, Leaf]:
    usual = problem.model
    model = copied(usual)
    try:
        for case in cases:
            problem.model = model
            run = problem.run(
                case.seed, "train", double=double, nudge=nudge, given=case.run.draws.draws,
                cotangents=dict(case.cotangents or {}), device=device,
            )  # fmt: skip
            model = run.modules[""]
            with torch.no_grad():
                for name, parameter in model.named_parameters():
                    gradient = run.gradients.get(f"parameter {name}")
                    if gradient is not None:
                        parameter.sub_(rate * gradient)
    finally:
        problem.model = usual
    arrays = TorchArrays()
    return {f"state {k}": to_leaf(v, arrays) for k, v in model.state_dict().items()}
