"""Known bugs that a draft may have: the library's `detect_jax` on JAX code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tojax.check.matching import Matcher
from tojax.nouns import Range
from tojax.rules.bugs import Bug
from tojax.source.draft_constructs import draft_constructs


@dataclass(frozen=True)
class Suspicion:
    """A place of a draft where a known bug is often made; that it was is for verification to say.

    ``name`` is what was met there.
    """

    bug: Bug
    range: Range
    name: str

    def __str__(self) -> str:
        line = self.range.start.line + 1
        return f"line {line}, {self.name}: {self.bug.title}. {self.bug.message}"


def suspicions(code: str, bugs: Iterable[Bug]) -> list[Suspicion]:
    """Where a draft may have one of the bugs, in order of position, each bug once a line.

    Args:
        code: the draft.
        bugs: those to look for.

    Raises:
        SyntaxError: the draft does not parse.
    """
    matcher = Matcher(bugs, "detect_jax")
    found: dict[tuple[str, int], Suspicion] = {}
    for construct in draft_constructs(code):
        for bug in matcher.bugs_of(construct):
            place = construct.range
            suspicion = Suspicion(bug, place, construct.name or construct.kind)
            found.setdefault((bug.code, place.start.line), suspicion)
    return list(found.values())
