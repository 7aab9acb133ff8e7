"""Fits the parts of a prompt into a number of tokens, the most important ones first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tojax.model.errors import PromptTooLong
from tojax.model.tokens import estimate_tokens

_TOKENS_AROUND_A_PART = 8  # marks of the heading, and what the estimate of joined texts is short of


@dataclass(frozen=True)
class Part:
    """A part of a prompt: ``priority`` 0 must be there, of the others the lower come first."""

    title: str
    text: str
    priority: int

    @property
    def tokens(self) -> int:
        """At most how many tokens it takes."""
        return estimate_tokens(f"{self.title}\n{self.text}") + _TOKENS_AROUND_A_PART

    def __str__(self) -> str:
        return f"# {self.title}\n\n{self.text.strip()}\n"


def pack(parts: Iterable[Part], budget: int) -> tuple[list[Part], list[Part]]:
    """Choose parts for so many tokens.

    Args:
        parts: in the order of the prompt.
        budget: tokens for all of them.

    Returns:
        The parts that fit, and those that were left out, both in the order of the prompt.

    Raises:
        PromptTooLong: those that must be there do not fit.
    """
    parts = list(parts)
    needed = sum(part.tokens for part in parts if part.priority == 0)
    if needed > budget:
        raise PromptTooLong(
            f"the source and what has to be said about it (about {needed} tokens) do not fit the "
            f"{budget} tokens that the model has for them",
            "translate a smaller part, or use a model with a longer context",
        )
    chosen: set[int] = set()
    for number in sorted(range(len(parts)), key=lambda number: (parts[number].priority, number)):
        if parts[number].tokens <= budget:
            chosen.add(number)
            budget -= parts[number].tokens
    kept = [part for number, part in enumerate(parts) if number in chosen]
    return kept, [part for number, part in enumerate(parts) if number not in chosen]
