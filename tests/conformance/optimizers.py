"""Train a small model with PyTorch's optimizers and schedulers, and with their translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jax
import torch
from torch.testing._internal.common_optimizers import OptimizerInfo, optim_db

from tests.conformance.compare import assert_close, to_jax
from tests.conformance.source import expression
from tojax.translate import translate
from tojax.weights import state_dict

_MODEL = """\
import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self, weight: torch.Tensor, bias: torch.Tensor):
        super().__init__()
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)

    def forward(self, x):
        return torch.tanh(x @ self.weight + self.bias)
"""


_PLAIN = [
    "        optimizer.zero_grad()",
    "        loss = ((model(x) - y) ** 2).mean()",
    "        loss.backward()",
    "        optimizer.step()",
]
_BY_CLOSURE = [
    "        def closure():",
    *("    " + line for line in _PLAIN[:-1]),
    "            return loss",
    "        optimizer.step(closure)",
]


@dataclass
class Case:
    """One training loop: how its optimizer and, maybe, its scheduler are made."""

    optimizer: str
    scheduler: str = ""
    measured: bool = False
    by_closure: bool = False
    constants: list[torch.Tensor] = field(default_factory=list)

    def source(self, name: str) -> str:
        """The PyTorch function, which returns the learning rates that it used."""
        given = "".join(f", c{i}: torch.Tensor" for i in range(len(self.constants)))
        lines = [
            f"def {name}(model, x, y, steps{given}):",
            f"    optimizer = torch.optim.{self.optimizer}",
            *([f"    scheduler = {self.scheduler}"] if self.scheduler else []),
            "    rates = []",
            "    for _ in range(steps):",
            *(_BY_CLOSURE if self.by_closure else _PLAIN),
        ]
        if self.scheduler:
            lines += [
                f"        scheduler.step({'loss.item()' if self.measured else ''})",
                '        rates.append(float(optimizer.param_groups[0]["lr"]))',
            ]
        return "\n\n\n" + "\n".join([*lines, "    return rates"]) + "\n"


def optimizers() -> dict[str, OptimizerInfo]:
    """Every optimizer of the database by name."""
    return {info.name: info for info in optim_db}


def optimizer_cases(info: OptimizerInfo) -> list[Case]:
    """The database's inputs of one optimizer."""
    cases = []
    for given in info.optim_inputs_func(device="cpu"):
        constants: list[torch.Tensor] = []
        options = "".join(
            f", {name}={expression(value, constants, 'c')}" for name, value in given.kwargs.items()
        )
        call = f"{info.name}(model.parameters(){options})"
        cases.append(Case(call, by_closure=info.step_requires_closure, constants=constants))
    return cases


def failures(cases: list[Case], steps: int) -> list[str]:
    """What differs from PyTorch after so many steps; empty if nothing does."""
    names = [f"train{number}" for number in range(len(cases))]
    source = _MODEL + "".join(case.source(name) for case, name in zip(cases, names, strict=True))
    translation = translate(source)
    if translation.unresolved:
        return sorted({item.reason for item in translation.unresolved})
    torch_side: dict[str, Any] = {}
    jax_side: dict[str, Any] = {}
    exec(compile(source, "optimizers", "exec"), torch_side)
    exec(compile(translation.code, "optimizers", "exec"), jax_side)
    problems = []
    for case, name in zip(cases, names, strict=True):
        try:
            _check(case, name, torch_side, jax_side, steps)
        except Exception as error:
            shown = f"{case.optimizer} {case.scheduler}".strip()
            problems.append(f"{shown}: {type(error).__name__}: {str(error).strip()}")
    return problems


def _check(
    case: Case, name: str, torch_side: dict[str, Any], jax_side: dict[str, Any], steps: int
) -> None:
    generator = torch.Generator().manual_seed(0)
    weight, bias, x, y = (
        torch.randn(shape, generator=generator) for shape in ((4, 3), (3,), (8, 4), (8, 3))
    )

    def reference(dtype: torch.dtype) -> tuple[list[torch.Tensor], list[float]]:
        model = torch_side["Model"](weight.to(dtype, copy=True), bias.to(dtype, copy=True))
        rates = torch_side[name](model, x.to(dtype), y.to(dtype), steps, *case.constants)
        return [model.weight.detach(), model.bias.detach()], rates

    # Line searches compare losses: hundreds of them in single precision depend on its rounding.
    dtype = torch.float64 if case.by_closure else torch.float32
    expected, rates = reference(dtype)
    with jax.enable_x64(case.by_closure):
        model = jax_side["Model"](to_jax(weight.to(dtype)), to_jax(bias.to(dtype)))
        constants = [to_jax(tensor) for tensor in case.constants]
        data = to_jax(x.to(dtype)), to_jax(y.to(dtype))
        got = jax_side[name](model, *data, steps, *constants)
        values = [torch.as_tensor(state_dict(model)[name]) for name in ("weight", "bias")]
    assert_close(values, expected, lambda: reference(torch.float64)[0])
    assert_close(got, rates, rtol=1e-6)
    assert float((expected[0] - weight).abs().max()) > 1e-4, "nothing was learned"
