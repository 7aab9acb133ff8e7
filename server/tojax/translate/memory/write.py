"""A write into an array, in one state of memory: what shows the array too."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from tojax.translate.memory.blocks import Block, Blocks, Part, State, ageless, overlap
from tojax.translate.memory.values import Values


class Shown(NamedTuple):
    """What shows changed memory: a name or attribute, and whether the array changed is a view of
    it."""

    text: str
    is_base: bool

    def reason(self) -> str:
        """Why the change is not just bound."""
        if self.is_base:
            return f"writes through a view of '{self.text}', which is used again"
        return f"'{self.text}' shows the same memory, and is used again"


class Write:
    """Something changes ``target``; the new value is bound to ``place``, if that is given.

    ``replaced`` are places that get other values, so that they do not show the change either.
    """

    def __init__(
        self,
        values: Values,
        target: ast.expr,
        place: ast.expr | None,
        replaced: Sequence[ast.expr] = (),
    ) -> None:
        self._state = values.state
        self._changed = values.of(target)
        places = [*replaced, *([place] if place is not None else [])]
        self._slots = frozenset().union(*map(values.slots, places))

    def shown_by(self, name: str) -> Shown | None:
        """How a name shows or holds what is changed, if it does."""
        for block in self._state.reached(self._state.name(name), self._slots):
            for other in self._changed:
                if overlap(block, other) and not self._is_found(block, other):
                    return _shown(name, block, other)
        return None

    def held_by(self, name: str) -> Shown | None:
        """How the object or list that a parameter was given holds what is changed."""
        given: Block = (name,)
        held = self._state.reached([given], self._slots) - {given}
        for other in self._changed:
            if any(overlap(b, other) and not self._is_found(b, other) for b in held):
                return Shown(name, is_base=True)
            if len(other) > 1 and other[0] == name and isinstance(other[1], str):
                if not self._is_found(given, other):
                    return _shown(name, given, other)
        return None

    def is_in(self, blocks: Blocks) -> bool:
        """Whether a value shows or holds what is changed."""
        found = self._state.reached(blocks, frozenset())
        return any(overlap(block, other) for block in found for other in self._changed)

    def is_still_shown(self, state: State, name: str) -> bool:
        """Whether a name shows that memory in a later state."""
        known = [ageless(block) for block in self._changed]
        found = state.reached(state.name(name), frozenset())
        return any(overlap(ageless(block), other) for block in found for other in known)

    def from_outside(self) -> set[str]:
        """The names from outside whose memory it changes, where the new value is not found."""
        return {
            str(block[0])
            for block in self._changed
            if str(block[0]).isidentifier() and not self._is_found(block[:1], block)
        }

    def _is_found(self, block: Block, other: Block) -> bool:
        """Whether the way from ``block`` to ``other`` leads to the new value."""
        steps = range(len(block), len(other))
        return any((other[:step], other[step]) in self._slots for step in steps)


def _shown(name: str, block: Block, other: Block) -> Shown:
    step = other[len(block)] if len(other) > len(block) else ""
    if isinstance(step, Part):
        return Shown(name, is_base=True)
    text = name + step if step.startswith(".") else name
    return Shown(text, is_base=bool(step) or block == (name,))
