"""Differentiates calls that are alike with one compilation, as code that trains does.

Operation by operation, JAX compiles each operation of a call and of its derivative by itself, which
takes several times as long.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import numpy as np
from flax.core.tracers import current_trace

from tojax.verify.draws import CannotReplay, Draw
from tojax.verify.jax_problem import JaxProblem, Prepared
from tojax.verify.jax_values import is_float
from tojax.verify.replay_jax import Replay

# The weighted sum of a call's results, and the state that it leaves: from a call and its modules'
# structure, parameters, other state, and arrays.
Loss = Callable[..., tuple[Any, Any]]

_trace: Callable[[], object] = current_trace


class _Compiled:
    """Gradients that are compiled when they are first called, for modules of one structure."""

    def __init__(self, graph: Any, gradients: Callable[..., Any]) -> None:
        self.graph, self.has_failed = graph, False
        self._gradients = gradients
        self._call: Callable[..., Any] | None = None

    def __call__(self, *args: Any) -> Any:
        """The gradients.

        Raises:
            Exception, CannotReplay: they cannot be compiled.
        """
        if self._call is None:
            # What a first trace leaves behind in Python, a second one stumbles over.
            jax.make_jaxpr(lambda *args: self._gradients(*args))(*args)
            self._call = jax.jit(self._gradients)
        return self._call(*args)


class AlikeCalls:
    """The calls of a problem, of which those that differ in numbers only are compiled once.

    Args:
        problem: whose calls.
        loss: called as ``loss(prepared, weights, graph, parameters, rest, arrays)``.
    """

    def __init__(self, problem: JaxProblem, loss: Loss) -> None:
        self.problem, self.loss = problem, loss
        self._known: dict[str, list[_Compiled]] = {}

    def differentiate(self, number: int, prepared: Prepared, state: Any) -> Any:
        """The gradients of one case, by parameters and float inputs, and the state that it leaves.

        None if the call cannot be compiled with PyTorch's draws as arguments.
        """
        graph, parameters, rest = state
        compiled = self._compiled(number, prepared, graph)
        if compiled is None or compiled.has_failed:
            return None
        floats = {path: array for path, array in prepared.arrays.items() if is_float(array)}
        others = {path: array for path, array in prepared.arrays.items() if path not in floats}
        draws = [draw.values for draw in self.problem.draws(number)]
        weights, host = self.problem.cotangents(number), _host_randomness()
        try:
            found = compiled(parameters, rest, floats, others, draws, weights)
        except (Exception, CannotReplay):
            compiled.has_failed = True
            return None
        compiled.has_failed = _host_randomness() != host  # it would draw the same at every call
        return None if compiled.has_failed else found

    def _compiled(self, number: int, prepared: Prepared, graph: Any) -> _Compiled | None:
        """What is compiled for a call and those like it, or None if it is not to be compiled."""
        data, case = self.problem.data, self.problem.data["cases"][number]
        has_own_state = data["is_class"] and not data["is_module"]
        if has_own_state or data["needs_own"] or data["stateful"] or case["after"] is not None:
            return None
        known = self._known.setdefault(_text(case), [])
        try:
            alike = [compiled for compiled in known if compiled.graph == graph]
        except Exception:
            return None
        if not alike:
            alike = [_Compiled(graph, self._gradients(number, prepared, graph))]
            known += alike
        return alike[0]

    def _gradients(self, number: int, prepared: Prepared, graph: Any) -> Callable[..., Any]:
        recorded = self.problem.draws(number)

        def gradients(
            parameters: Any, rest: Any, floats: Any, others: Any, draws: Any, weights: Any
        ) -> Any:
            def loss(parameters: Any, floats: Any) -> tuple[Any, Any]:
                with _ArgumentsReplayed(given) as replay:
                    total, left = self.loss(
                        prepared, weights, graph, parameters, rest, {**others, **floats}
                    )
                problem = replay.finish()
                if problem is not None:
                    raise CannotReplay(problem)
                return total, left

            given = [
                replace(draw, values=values) for draw, values in zip(recorded, draws, strict=True)
            ]
            return jax.grad(loss, argnums=(0, 1), has_aux=True)(parameters, floats)

        return gradients


class _ArgumentsReplayed(Replay):
    """Draws that are arguments of what is being compiled.

    Functions inside it that JAX traces by themselves, and keeps for other calls, may not hold them.
    """

    def __init__(self, draws: Sequence[Draw]) -> None:
        super().__init__(draws)
        self._level = _trace()

    def take(self, kind: str, shape: Sequence[int] | int, span: int = 0) -> jax.Array:
        """As usual, unless an inner function asks."""
        if _trace() != self._level:
            raise CannotReplay("a function that is compiled by itself draws")
        return super().take(kind, shape, span)


def _text(case: dict[str, Any]) -> str:
    """Equal for calls that are alike but for numbers in arrays."""
    given = [*enumerate(case["args"]), *case["kwargs"].items()]
    arguments = [(name, parcel["data"]) for name, parcel in given]
    draws = [(kind, span) for kind, span, _ in case["draws"]]
    others = [case[name] for name in ("mode", "cotangents", "changed", "times")]
    return json.dumps([arguments, draws, others])


def _host_randomness() -> object:
    """Where the generators are that PyTorch's side shares with this one."""
    _, numbers, position, *_ = np.random.get_state(legacy=True)
    return random.getstate(), np.asarray(numbers).tobytes(), position
