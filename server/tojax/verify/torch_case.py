"""One call on the PyTorch side, with what JAX needs to repeat it and what it has to give."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from tojax.verify.draws import CannotReplay, save_draws
from tojax.verify.torch_parcel import Parcel
from tojax.verify.torch_problem import ARRAYS, Run, TorchProblem
from tojax.verify.torch_training import NUDGE
from tojax.verify.tree import Leaf, NumpyArray, describe, encode, to_leaf


class Case:
    """One call under one seed and mode: in float32, in float64, and what JAX needs to repeat it."""

    def __init__(
        self, problem: TorchProblem, mode: str, seed: int, device: str, why_no_gradient: str = ""
    ) -> None:
        self.problem, self.mode, self.seed = problem, mode, seed
        self.cotangents: dict[str, NumpyArray] | None = None if why_no_gradient else {}
        self.why_no_gradient = why_no_gradient
        options: dict[str, Any] = {"device": device}
        try:
            self.run = problem.run(seed, mode, cotangents=self.cotangents, **options)
        except Exception as error:
            self.cotangents = None
            self.why_no_gradient = f"PyTorch cannot differentiate it: {error}"
            self.run = problem.run(seed, mode, **options)
        self.why_no_gradient = self.why_no_gradient or self.run.no_gradient
        options |= {"cotangents": self.cotangents, "given": self.run.draws.draws}
        try:
            precise = problem.run(seed, mode, double=True, **options)
            self.has_float64 = True
        except (Exception, CannotReplay):
            precise = problem.run(seed, mode, nudge=NUDGE, **options)
            self.has_float64 = False
        if self.run.stateful != precise.stateful:
            # A parameter is set to a value that it has already, but for rounding.
            self.cotangents = None
            self.why_no_gradient = "it changes its parameters"
            for run in (self.run, precise):
                run.stateful, run.gradients = True, {}
        self.given = leaves_of(self.run)
        self.precise = leaves_of(precise)

    @property
    def is_finite(self) -> bool:
        """Whether all results are finite numbers."""
        arrays = [leaf.array for leaf in self.given.values() if leaf.array is not None]
        return all(np.isfinite(a).all() for a in arrays if a.dtype.kind in "fc")

    def to_jax(self, number: int, parcel: Parcel) -> dict[str, Any]:
        """What the JAX side needs."""
        args, kwargs, _ = self.problem.arguments(self.seed)
        draws, values = save_draws(self.run.draws.draws)
        parcel.add(values, f"case{number}.")
        setup, values = save_draws(self.run.setup.draws)
        parcel.add(values, f"case{number}.setup.")
        cotangents = self.cotangents or {}
        parcel.add(cotangents, f"case{number}.cotangent.")
        return {
            "mode": self.mode,
            "seed": self.seed,
            "args": [self._ship(v, parcel, f"case{number}.arg{i}.") for i, v in enumerate(args)],
            "kwargs": {k: self._ship(v, parcel, f"case{number}.{k}.") for k, v in kwargs.items()},
            "draws": draws,
            "setup": setup,
            "draws_anew": bool(draws) and self.run.draws.follows,
            "cotangents": list(cotangents),
        }

    def _ship(self, value: Any, parcel: Parcel, prefix: str) -> Any:
        return parcel.encode(value, prefix) if self.problem.can_ship(value) else None

    def results(self, number: int, parcel: Parcel) -> dict[str, Any]:
        """What the JAX side has to reproduce."""
        return {
            "mode": self.mode,
            "seed": self.seed,
            "small": self.seed == self.problem.small,
            "inputs": self._describe(),
            "given": parcel.leaves(self.given, f"case{number}.given."),
            "precise": parcel.leaves(self.precise, f"case{number}.precise."),
            "has_float64": self.has_float64,
            "has_tensors": any(isinstance(v, torch.Tensor) for v in self.run.raw.values()),
            "no_gradient": self.why_no_gradient,
            "draws": len(self.run.draws.draws),
            "unreplayable": self.run.draws.problem or "",
            "loose": self.run.draws.inside_modules or self.run.setup.problem is not None,
        }

    def _describe(self) -> str:
        args, kwargs, _ = self.problem.arguments(self.seed)
        texts = []
        for name, value in [*((None, v) for v in args), *kwargs.items()]:
            store: list[NumpyArray] = []
            shipped = self.problem.can_ship(value)
            text = (
                describe(encode(value, ARRAYS, store), store) if shipped else type(value).__name__
            )
            texts.append(f"{name}={text}" if name else text)
        return ", ".join(texts) + self._kind()

    def _kind(self) -> str:
        if self.seed in self.problem.varied:
            return " (varied)"
        return " (small)" if self.seed == self.problem.small else ""


def leaves_of(run: Run) -> dict[str, Leaf]:
    """Outputs, gradients and, for calls that train, the modules' state afterwards, by name."""
    leaves = {f"output{path}": to_leaf(value, ARRAYS) for path, value in run.raw.items()}
    leaves |= {f"gradient of {k}": to_leaf(v, ARRAYS) for k, v in run.gradients.items()}
    if run.stateful:
        for path, module in run.modules.items():
            for name, value in module.state_dict().items():
                leaves[f"state {path}.{name}"] = to_leaf(value, ARRAYS)
    return leaves
