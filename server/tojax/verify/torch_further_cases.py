"""Calls beyond the inputs that a file brings, where other mistakes show.

Small inputs show a wrong epsilon, large ones of both signs a limit or a branch that the usual ones
never reach, `tojax.verify.torch_edges` what only some inputs meet, random numbers at the ends of
their range what happens once in a hundred calls, and a second call of a module what the first one
left in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tojax.verify.laws import COARSE
from tojax.verify.torch_case import Case
from tojax.verify.torch_edges import SINGLE, Change, Functions, edges
from tojax.verify.torch_problem import ARRAYS, TorchProblem
from tojax.verify.torch_variation import large, of_both_signs, small
from tojax.verify.tree import NumpyArray, collect_leaves, encode


def further_cases(problem: TorchProblem, cases: Sequence[Case], device: str) -> Iterator[Case]:
    """The further calls that PyTorch takes, with results that are sure.

    Args:
        problem: what to call.
        cases: the usual calls.
        device: where to compute.
    """
    last, free = cases[-1], 1 + max(case.seed for case in cases)
    further = _Further(problem, last, device)
    kinds: list[tuple[str, list[Change]]] = [
        ("small", [small]),
        ("large", [lambda value: of_both_signs(large(value)), large, of_both_signs]),
        *edges(_functions(problem, last), is_of_data=_is_of_data(problem, last)),
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

    def _is_of_rows(self, case: Case) -> bool:
        """Whether a call with one row is what it was with several.

        It is not if a result has as many rows as before, since the one was spread over them; and
        draws of one row have nothing by which their axes could be told.
        """
        results = {path: v for path, v in case.given.items() if path.startswith("output")}
        pairs = [(leaf.array, self.usual.given.get(path)) for path, leaf in results.items()]
        kept = any(
            one is not None
            and other is not None
            and other.array is not None
            and one.shape[:1] == other.array.shape[:1] != ()
            for one, other in pairs
        )
        return not (kept or case.run.draws.draws)

    def _is_sure(self, case: Case) -> bool:
        if self.problem.scaled_kind(case.seed) == SINGLE and not self._is_of_rows(case):
            return False
        return case.is_finite or (case.is_certain and not self.usual.is_finite)


def _is_of_data(problem: TorchProblem, case: Case) -> bool:
    """Whether a call takes nothing but data: a function's second array may be weights."""
    arguments = problem.arguments(case.seed)[:2]
    return "" in case.run.modules or len(collect_leaves(arguments, ARRAYS.is_array)) < 2


def _functions(problem: TorchProblem, case: Case) -> set[str]:
    """PyTorch's functions that a call uses."""
    used = Functions()
    with contextlib.suppress(Exception), used:
        problem.run(case.seed, case.mode)
    return used.names


def _inputs(problem: TorchProblem, seed: int) -> list[bytes]:
    args, kwargs, _ = problem.arguments(seed)
    store: list[NumpyArray] = []
    encode([v for v in [*args, *kwargs.values()] if problem.can_ship(v)], ARRAYS, store)
    return [array.tobytes() for array in store]
