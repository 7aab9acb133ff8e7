"""Calls beyond the inputs that a file brings, where other mistakes show.

Small inputs show a wrong epsilon, large ones of both signs a limit or a branch that the usual ones
never reach, `tojax.verify.torch_edges` what only some inputs meet, random numbers at the ends of
their range what happens once in a hundred calls, and a second call of a module what the first one
left in it.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tojax.verify.laws import COARSE
from tojax.verify.torch_case import Case
from tojax.verify.torch_edges import Functions, edges
from tojax.verify.torch_problem import ARRAYS, TorchProblem
from tojax.verify.torch_sizes import SINGLE, WIDER, Change
from tojax.verify.torch_variation import LARGE, large, of_both_signs, small
from tojax.verify.tree import NumpyArray, collect_leaves, encode

LARGEST_LIMIT = 2.0**30  # larger numbers stand for infinity


def further_cases(problem: TorchProblem, cases: Sequence[Case], device: str) -> Iterator[Case]:
    """The further calls that PyTorch takes, with results that are sure.

    Args:
        problem: what to call.
        cases: the usual calls.
        device: where to compute.
    """
    last, free = cases[-1], 1 + max(case.seed for case in cases)
    further = _Further(problem, last, device)
    used = _functions(problem, last)
    kinds: list[tuple[str, list[Change]]] = [
        ("small", [small]),
        ("large", _large(used.limit)),
        *edges(used.names, is_of_data=_is_of_data(problem, last)),
    ]
    for seed, (kind, changes) in enumerate(kinds, free):
        case = further.changed(seed, kind, changes)
        if case is not None:
            yield case
    drawing = [case for case in cases if any(d.kind == "uniform" for d in case.run.draws.draws)]
    if drawing:
        mode, seed = drawing[0].mode, drawing[0].seed
        yield from further.accepted(seed, "its draws are rare", mode=mode, rare=True)
    if "" in last.run.modules:
        *_, first = [case for case in cases if case.mode == last.mode and case is not last] or [
            last
        ]
        yield from further.accepted(last.seed, "it is called again", after=first)


def limited_cases(problem: TorchProblem, cases: Sequence[Case], device: str) -> Iterator[Case]:
    """A call that trains on large inputs, where it clips what usual ones never bring to the limit.

    Args:
        problem: what to call.
        cases: the usual calls.
        device: where to compute.
    """
    last = cases[-1]
    if any("clamp" in name for name in _functions(problem, last).names):
        limited = _Further(problem, last, device).changed(last.seed + 1, "large", [large])
        if limited is not None:
            yield limited


def _large(limit: float) -> list[Change]:
    """Changes to inputs beyond any limit of the usual kind, and beyond this one if it is larger."""

    def by(factor: float) -> list[Change]:
        return [lambda v: of_both_signs(large(v, factor)), lambda v: large(v, factor)]

    is_larger = LARGE < limit < LARGEST_LIMIT
    beyond = by(2.0 ** (math.ceil(math.log2(limit)) + 1)) if is_larger else []
    return [*beyond, *by(LARGE), of_both_signs]


@dataclass
class _Further:
    """Calls a problem once more, as a usual call of it was made."""

    problem: TorchProblem
    usual: Case
    device: str

    def changed(self, seed: int, kind: str, changes: Sequence[Change]) -> Case | None:
        """A call with changed inputs: by the first change that makes a difference PyTorch takes."""
        usual, tried = _inputs(self.problem, seed), []
        for change in changes:
            self.problem.scaled[seed] = kind, change
            try:
                inputs = _inputs(self.problem, seed)
            except Exception:
                continue  # not for such inputs
            if inputs == usual or inputs in tried:
                continue
            tried.append(inputs)
            # Where values are equal or zero, either side may choose among gradients, but not NaN.
            why = "" if kind == COARSE else f"the inputs are {kind}"
            for case in self.accepted(seed, why):
                return case
        self.problem.scaled.pop(seed, None)
        return None

    def accepted(
        self, seed: int, why: str, *, mode: str | None = None, **options: Any
    ) -> Iterator[Case]:
        """The call, if PyTorch makes it, in float64 too, and its results are sure.

        There are gradients unless ``why`` says why not.
        """
        mode = mode or self.usual.mode
        try:
            if self.device != "cpu":  # an index out of range would end a GPU's job
                self.problem.run(seed, mode)
            case = Case(self.problem, mode, seed, self.device, why, **options)
        except Exception:
            return
        if case.has_float64 and self._is_sure(case):
            yield case

    def _has_as_many_rows(self, case: Case) -> list[bool]:
        """For each result that is an array, whether it has as many rows as usual."""
        results = {path: v for path, v in case.given.items() if path.startswith("output")}
        pairs = [(leaf.array, self.usual.given.get(path)) for path, leaf in results.items()]
        return [
            one.shape[:1] == other.array.shape[:1]
            for one, other in pairs
            if one is not None and one.ndim and other is not None and other.array is not None
        ]

    def _is_sure(self, case: Case) -> bool:
        kind, kept = self.problem.scaled_kind(case.seed), self._has_as_many_rows(case)
        # One row was spread over several, or has nothing by which a draw's axes could be told.
        if kind == SINGLE and (any(kept) or case.run.draws.draws):
            return False
        # A wider image was taken for several: `x.view(-1, features)` is meant for one width.
        if kind == WIDER and not all(kept):
            return False
        return case.is_finite or (case.is_certain and not self.usual.is_finite)


def _is_of_data(problem: TorchProblem, case: Case) -> bool:
    """Whether a call takes nothing but data: a function's second array may be weights."""
    arguments = problem.arguments(case.seed)[:2]
    return "" in case.run.modules or len(collect_leaves(arguments, ARRAYS.is_array)) < 2


def _functions(problem: TorchProblem, case: Case) -> Functions:
    """PyTorch's functions that a call uses."""
    used = Functions()
    with contextlib.suppress(Exception), used:
        problem.run(case.seed, case.mode)
    return used


def _inputs(problem: TorchProblem, seed: int) -> list[bytes]:
    args, kwargs, _ = problem.arguments(seed)
    store: list[NumpyArray] = []
    encode([v for v in [*args, *kwargs.values()] if problem.can_ship(v)], ARRAYS, store)
    return [array.tobytes() for array in store]
