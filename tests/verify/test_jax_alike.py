"""Calls that differ in numbers only are compiled once; those that cannot be are not compiled."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tojax.verify.draws import Draw
from tojax.verify.jax_alike import AlikeCalls
from tojax.verify.jax_problem import Prepared
from tojax.verify.replay_jax import Replay

TRACES = 2  # the first looks for what a trace leaves behind

Function = Callable[[dict[str, jax.Array]], Any]


@dataclass
class Problem:
    """Calls of a function of an array, ``x``, with PyTorch's draws."""

    cases: list[dict[str, Any]]
    drawn: list[list[Draw]]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        common = {"is_class": False, "is_module": False, "needs_own": False, "stateful": False}
        return {"cases": self.cases, **common, **self.facts}

    def draws(self, number: int) -> list[Draw]:
        return self.drawn[number]

    def cotangents(self, number: int) -> dict[str, Any]:
        return {"": np.float32(number + 1)}


def a_case(draws: list[Draw], **changes: Any) -> dict[str, Any]:
    usual = {"mode": "call", "args": [{"data": {"array": 0}}], "kwargs": {}, "after": None}
    told = {"draws": [[d.kind, d.span, d.position] for d in draws]}
    return {**usual, **told, "cotangents": [""], "changed": [], "times": 1, **changes}


class Calls:
    """Differentiates ``function`` with numbers that differ from call to call."""

    def __init__(self, function: Function, cases: list[dict[str, Any]], **facts: Any) -> None:
        self.traced = 0
        drawn = [
            [Draw(kind, np.full(2, number + 1.0, np.float32), span) for kind, span, _ in c["draws"]]
            for number, c in enumerate(cases)
        ]
        self.function = function
        self.alike = AlikeCalls(Problem(cases, drawn, facts), self._loss)  # type: ignore[arg-type]

    def _loss(
        self, prepared: Prepared, weights: Mapping[str, Any], graph: Any, *state: Any
    ) -> tuple[Any, Any]:
        self.traced += 1
        _, rest, arrays = state
        return jnp.sum(self.function(arrays)) * weights[""], rest

    def __call__(self, number: int, graph: Any = "structure") -> Any:
        arrays = {"x": jnp.arange(2.0) + number, "n": jnp.arange(2)}
        prepared = Prepared(None, [], {}, arrays, {})
        found = self.alike.differentiate(number, prepared, (graph, {}, {}))
        return None if found is None else np.asarray(found[0][1]["x"])


def uniform() -> jax.Array:
    """What `jax.random.uniform` gives where draws are replayed."""
    assert Replay.active is not None
    return Replay.active.take("uniform", (2,))


def test_numbers_differ_and_the_trace_is_one() -> None:
    draws = [Draw("uniform", np.zeros(2, np.float32))]

    def with_draws(arrays: dict[str, jax.Array]) -> jax.Array:
        x = arrays["x"]
        return x**2 * uniform() * (1 + arrays["n"])

    calls = Calls(with_draws, [a_case(draws), a_case(draws), a_case(draws)])
    for number in range(3):
        x, drawn, weight = np.arange(2.0) + number, number + 1.0, number + 1.0
        expected = 2 * x * drawn * (1 + np.arange(2)) * weight
        np.testing.assert_allclose(calls(number), expected, rtol=1e-6)
    assert calls.traced == TRACES


@pytest.mark.parametrize(
    "change",
    [{"mode": "eval"}, {"args": [{"data": 2}]}, {"kwargs": {"k": {"data": True}}}, {"times": 2}],
)
def test_calls_that_differ_otherwise_are_not_alike(change: dict[str, Any]) -> None:
    calls = Calls(lambda arrays: arrays["x"], [a_case([]), a_case([], **change)])
    assert calls(0) is not None and calls(1) is not None
    assert calls.traced == 2 * TRACES


def test_modules_of_another_structure_are_not_alike() -> None:
    calls = Calls(lambda arrays: arrays["x"], [a_case([]), a_case([])])
    assert calls(0, ["one"]) is not None and calls(1, ["other"]) is not None
    assert calls.traced == 2 * TRACES


def _draws_of_its_own(arrays: dict[str, jax.Array]) -> jax.Array:
    return arrays["x"] * uniform()


_remembered: list[jax.Array] = []


def _remembers(arrays: dict[str, jax.Array]) -> jax.Array:
    _remembered.append(arrays["x"])
    return arrays["x"] * _remembered[0]


def _branches(arrays: dict[str, jax.Array]) -> jax.Array:
    return arrays["x"] if arrays["x"].sum() > 0 else -arrays["x"]


NOT_COMPILED: dict[str, tuple[Function, list[Draw], dict[str, Any], dict[str, Any]]] = {
    "draws that PyTorch does not make": (_draws_of_its_own, [], {}, {}),
    "draws that JAX does not make": (
        lambda arrays: arrays["x"],
        [Draw("normal", np.zeros(2, np.float32))],
        {},
        {},
    ),
    "a draw in a function that is compiled by itself": (
        jax.jit(lambda arrays: arrays["x"] * uniform()),
        [Draw("uniform", np.zeros(2, np.float32))],
        {},
        {},
    ),
    "what a trace leaves behind": (_remembers, [], {}, {}),
    "a branch on values": (_branches, [], {}, {}),
    "numbers from Python": (lambda arrays: arrays["x"] * random.random(), [], {}, {}),
    "numbers from NumPy": (lambda arrays: arrays["x"] * np.random.rand(2), [], {}, {}),
    "a call after another": (lambda arrays: arrays["x"], [], {"after": 0}, {}),
    "arguments of its own": (lambda arrays: arrays["x"], [], {}, {"needs_own": True}),
    "an object with state": (lambda arrays: arrays["x"], [], {}, {"is_class": True}),
    "a call that trains": (lambda arrays: arrays["x"], [], {}, {"stateful": True}),
}


@pytest.mark.parametrize("name", NOT_COMPILED)
def test_is_not_compiled(name: str) -> None:
    function, draws, change, facts = NOT_COMPILED[name]
    calls = Calls(function, [a_case(draws, **change)] * 2, **facts)
    assert calls(0) is None and calls(1) is None
    assert calls.traced <= TRACES
