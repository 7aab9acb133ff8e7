"""Random draws as both sides see them: standardised, so that each side applies its own parameters.

A ``uniform`` draw holds numbers in [0, 1); ``normal`` has mean 0 and deviation 1; ``exponential``
and ``gumbel`` are standard; ``integers`` counts from the lower limit and remembers the span;
``permutation`` holds the order of ``span`` items. A coin toss is a uniform number below a
probability, a categorical choice is the largest of log-probability plus gumbel noise: so a
wrong probability or a wrong limit shows in the results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

NumpyArray = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Draw:
    """One recorded draw; equal ``position`` means the same place of the same stream of numbers."""

    kind: str
    values: NumpyArray
    span: int = 0
    position: str = ""


class CannotReplay(BaseException):
    """A draw without counterpart; no `Exception`, so that the code under test lets it by."""


def save_draws(draws: list[Draw]) -> tuple[list[Any], dict[str, NumpyArray]]:
    """Draws as JSON data and named arrays."""
    data = [[draw.kind, draw.span, draw.position] for draw in draws]
    return data, {f"draw{index}": draw.values for index, draw in enumerate(draws)}


def load_draws(data: list[Any], arrays: dict[str, NumpyArray]) -> list[Draw]:
    """The inverse of `save_draws`."""
    return [
        Draw(kind, arrays[f"draw{i}"], span, position)
        for i, (kind, span, position) in enumerate(data)
    ]
