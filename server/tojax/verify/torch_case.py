"""One call on the PyTorch side, with what JAX needs to repeat it and what it has to give."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from tojax.verify.draws import CannotReplay, save_draws
from tojax.verify.torch_modules import reads_gradients
from tojax.verify.torch_parcel import Parcel
from tojax.verify.torch_problem import ARRAYS, TorchProblem
from tojax.verify.torch_run import Run
from tojax.verify.torch_sizes import RESIZED
from tojax.verify.torch_training import NUDGE
from tojax.verify.tree import (
    ARGUMENT,
    Leaf,
    NumpyArray,
    buffer_name,
    describe,
    encode,
    state_name,
    to_leaf,
)

UNSEEN = "PyTorch leaves gradients in .grad, for which JAX has no place: nothing shows them"
ENOUGH_STEPS = 4  # of an optimizer, for its momentum, its decay and a schedule to show
LATER = 4  # times as many steps, if a schedule shows then
WAITS = "the learning rate hardly changes in {} steps: what its schedule does later is not compared"


class Case:
    """One call under one seed and mode: in float32, in float64, and what JAX needs to repeat it.

    Args:
        problem: what to call.
        mode: as for `TorchProblem.run`.
        seed: selects the inputs.
        device: where to compute.
        why_no_gradient: if there is to be none.
        after: a case whose inputs the same module is given first.
        rare: draw random numbers that lie at either end.
    """

    def __init__(
        self,
        problem: TorchProblem,
        mode: str,
        seed: int,
        device: str,
        why_no_gradient: str = "",
        *,
        after: Case | None = None,
        rare: bool = False,
    ) -> None:
        self.problem, self.mode, self.seed, self.after = problem, mode, seed, after
        self.number, self.times, self.rare = 0, 1, rare
        self.cotangents: dict[str, NumpyArray] | None = None if why_no_gradient else {}
        self.why_no_gradient = why_no_gradient
        options: dict[str, Any] = {"device": device, "after": None if after is None else after.seed}
        first = {**options, "rare": rare}
        try:
            self.run = problem.run(seed, mode, cotangents=self.cotangents, **first)
        except Exception as error:
            self.cotangents = None
            self.why_no_gradient = f"PyTorch cannot differentiate it: {error}"
            self.run = problem.run(seed, mode, **first)
        self.why_no_gradient = self.why_no_gradient or self.run.no_gradient
        self._repeat(first)
        options |= {"cotangents": self.cotangents, "given": self.run.draws.draws}
        options |= {"times": self.times, "watched": self.run.changed}
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
        run = self.run
        left_over = run.only_gradients and not run.steps
        self.unseen = left_over and not reads_gradients(lambda: problem.run(seed, mode, **first))
        self.given = leaves_of(self.run, self.run.buffers)
        self.precise = leaves_of(precise, self.run.buffers)

    def _repeat(self, options: dict[str, Any]) -> None:
        """Call what trains often enough, from the beginning, if PyTorch lets one."""
        if not self.run.stateful or self.problem.is_class or self.run.steps >= ENOUGH_STEPS:
            return
        times = math.ceil(ENOUGH_STEPS / self.run.steps) if self.run.steps else 2
        with contextlib.suppress(Exception):
            self.run = self.problem.run(self.seed, self.mode, times=times, **options)
            self.times = times
            if self.run.waits:
                later = self.problem.run(self.seed, self.mode, times=LATER * times, **options)
                if not later.waits:
                    self.run, self.times = later, LATER * times

    @property
    def is_finite(self) -> bool:
        """Whether all results are finite numbers."""
        return all(np.isfinite(array).all() for array in _floats(self.given))

    @property
    def is_certain(self) -> bool:
        """Whether no result is NaN, and none infinite that is not so in float64 too."""
        pairs = zip(_floats(self.given), _floats(self.precise), strict=True)
        return all(
            not np.isnan(one).any() and (np.isfinite(one) | (one == other)).all()
            for one, other in pairs
        )

    def to_jax(self, number: int, parcel: Parcel) -> dict[str, Any]:
        """What the JAX side needs."""
        self.number = number
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
            "after": None if self.after is None else self.after.number,
            "times": self.times,
            "changed": self.run.changed,
            "is_resized": self.problem.scaled_kind(self.seed) in RESIZED,
            "buffers": self.run.buffers,
        }

    def _ship(self, value: Any, parcel: Parcel, prefix: str) -> Any:
        return parcel.encode(value, prefix) if self.problem.can_ship(value) else None

    def results(self, number: int, parcel: Parcel) -> dict[str, Any]:
        """What the JAX side has to reproduce."""
        return {
            "mode": self.mode,
            "seed": self.seed,
            "scaled": self.problem.scaled_kind(self.seed),
            "inputs": self._describe(),
            "given": parcel.leaves(self.given, f"case{number}.given."),
            "precise": parcel.leaves(self.precise, f"case{number}.precise."),
            "has_float64": self.has_float64,
            "has_tensors": any(isinstance(v, torch.Tensor) for v in self.run.raw.values()),
            "no_gradient": self.why_no_gradient,
            "unseen": UNSEEN if self.unseen else "",
            "remark": WAITS.format(self.run.steps) if self.run.waits else "",
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
        kind = self.problem.scaled_kind(self.seed)
        kind = kind or ("varied" if self.seed in self.problem.varied else "")
        kinds = [kind, "rare draws" if self.rare else "", "called again" if self.after else ""]
        return "".join(f" ({kind})" for kind in kinds if kind)


def _floats(leaves: dict[str, Leaf]) -> list[NumpyArray]:
    arrays = [leaf.array for leaf in leaves.values() if leaf.array is not None]
    return [array for array in arrays if array.dtype.kind in "fc"]


def leaves_of(run: Run, buffers: Sequence[str]) -> dict[str, Leaf]:
    """Outputs, gradients and what the call left in the modules, by name.

    That is their whole state for calls that train, else the buffers that are named.
    """
    leaves = {f"output{path}": to_leaf(value, ARRAYS) for path, value in run.raw.items()}
    for path in run.handed_back:
        if leaves[f"output{path}"].kind == "opaque":
            leaves[f"output{path}"] = Leaf("opaque", ARGUMENT)
    leaves |= {f"gradient of {k}": to_leaf(v, ARRAYS) for k, v in run.gradients.items()}
    if run.stateful:
        for path, module in run.modules.items():
            for name, value in module.state_dict().items():
                leaves[state_name(path, name)] = to_leaf(value, ARRAYS)
    elif buffers:
        state = run.modules[""].state_dict()
        leaves |= {buffer_name(name): to_leaf(state[name], ARRAYS) for name in buffers}
    return leaves
