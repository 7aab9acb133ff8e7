"""Which keys JAX code draws with, while it is given PyTorch's numbers: each draw needs its own.

Replayed numbers hide a key that is used twice, since the numbers come from PyTorch. Only what is
certain counts: two draws that PyTorch made at different places of its stream, and that JAX makes
from the same bits. Functions that split their key first share bits with themselves only
(https://github.com/jax-ml/jax/blob/main/jax/_src/random.py).
"""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np

from tojax.verify.draws import Draw
from tojax.verify.explain import is_own

# All of these are functions of the same uniform bits.
_OF_THE_SAME_BITS = frozenset(
    ["uniform", "normal", "bernoulli", "gumbel", "exponential", "categorical"]
)
_ADVICE = "give each draw a key of its own"


@dataclass(frozen=True)
class Use:
    """One draw: the function and its line, and PyTorch's draw that stands for it."""

    function: str
    line: str
    draw: Draw

    def __str__(self) -> str:
        return f"jax.random.{self.function} ({self.line})"

    def shares_bits(self, other: Use) -> bool:
        """Whether, with the same key, the one's numbers tell the other's."""
        return (
            self.function == other.function
            or {
                self.function,
                other.function,
            }
            <= _OF_THE_SAME_BITS
        )


class KeyUses:
    """The keys of one call.

    Args:
        earlier: those of the call before, of which none may come again.

    Attributes:
        problem: what is wrong, or None.
    """

    def __init__(self, earlier: KeyUses | None = None) -> None:
        self.problem: str | None = None
        self._earlier = earlier
        self._uses: dict[bytes, list[Use]] = {}

    def note(self, function: str, key: Any, draw: Draw) -> None:
        """Take down that ``jax.random.function`` has made this draw with this key."""
        bits = key_bits(key)
        if bits is None or not _is_informative(draw):
            return
        use = Use(function, _line(), draw)
        for other in self._uses.get(bits, []):
            if use.shares_bits(other) and _are_independent(draw, other.draw):
                self.problem = self.problem or (
                    f"PyTorch gives new random numbers, JAX the same ones again: {use} draws with "
                    f"the key that {other} has used; {_ADVICE}"
                )
        if self._earlier is not None and any(
            use.shares_bits(other) for other in self._earlier._uses.get(bits, [])
        ):
            self.problem = self.problem or (
                "PyTorch gives new random numbers at each call, JAX the same ones again: "
                f"{use} draws with the same key at the next call; {_ADVICE}"
            )
        self._uses.setdefault(bits, []).append(use)


def key_bits(key: Any) -> bytes | None:
    """The value of a key, typed or not; None while it is being traced."""
    if not isinstance(key, (jax.Array, np.ndarray)) or isinstance(key, jax.core.Tracer):
        return None
    return np.asarray(jax.random.key_data(key)).tobytes()


def _are_independent(first: Draw, second: Draw) -> bool:
    return "" not in (first.position, second.position) and first.position != second.position


def _is_informative(draw: Draw) -> bool:
    return draw.values.size > 0 and draw.span != 1


def _line() -> str:
    """The innermost line of the code under test."""
    frame = sys._getframe(2)
    while frame.f_back is not None and not is_own(frame.f_code.co_filename):
        frame = frame.f_back
    file, number = frame.f_code.co_filename, frame.f_lineno
    return f"line {number} of {Path(file).name}: {linecache.getline(file, number).strip()}"
