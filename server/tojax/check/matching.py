"""Constructs and the bug patterns that fit them.

Patterns are indexed by kind and name, so that most constructs cost one look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tojax.rules.bugs import Bug, load_bugs
from tojax.rules.patterns import Pattern

if TYPE_CHECKING:
    from tojax.source import Construct

_Candidates = tuple[tuple[Pattern, Bug], ...]


Side = Literal["detect", "detect_jax"]


@cache
def matcher(extra_bugs: Path | None = None, side: Side = "detect") -> Matcher:
    """The matcher over the library and, after it, a user's own folder."""
    return Matcher(load_bugs(extra_bugs), side)


class Matcher:
    """Tells which bugs a construct may lead to (PyTorch source) or be (JAX code).

    Args:
        bugs: the bugs to tell.
        side: ``"detect"`` for constructs of PyTorch source, ``"detect_jax"`` for those of JAX code.
    """

    def __init__(self, bugs: Iterable[Bug], side: Side = "detect") -> None:
        self._by_kind: dict[str, list[tuple[Pattern, Bug]]] = {}
        self._candidates: dict[tuple[str, str], _Candidates] = {}
        # What was found for all of a construct but its place: most have been seen before.
        self._known: dict[tuple[object, ...], list[Bug]] = {}
        for bug in bugs:
            for pattern in getattr(bug, side):
                self._by_kind.setdefault(pattern.kind, []).append((pattern, bug))

    def bugs_of(self, construct: Construct) -> Sequence[Bug]:
        """The bugs that the construct matches, each once."""
        key = (construct.kind, construct.name, construct.arguments, construct.within)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = list(self._matching(construct))
        return found

    def _matching(self, construct: Construct) -> Iterable[Bug]:
        key = (construct.kind, construct.name)
        candidates = self._candidates.get(key)
        if candidates is None:
            candidates = self._candidates[key] = self._named(*key)
        found = {bug.code: bug for pattern, bug in candidates if _details_match(pattern, construct)}
        return found.values()

    def _named(self, kind: str, name: str) -> _Candidates:
        """The patterns of this kind with a name that fits."""
        return tuple(
            (pattern, bug)
            for pattern, bug in self._by_kind.get(kind, ())
            if any(fnmatchcase(name, wanted) for wanted in pattern.names)
        )


def _details_match(pattern: Pattern, construct: Construct) -> bool:
    given = construct.arguments
    return (
        all(_is_given(wanted, given) for wanted in pattern.argument)
        and not any(_is_given(absent, given) for absent in pattern.without)
        and all(place in construct.within for place in pattern.within)
    )


def _is_given(alternatives: str, given: Iterable[str]) -> bool:
    """Whether an argument, written as ``momentum|2``, is among the given ones."""
    return any(alternative in given for alternative in alternatives.split("|"))
