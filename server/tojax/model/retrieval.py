"""Which fixed bugs a model should know of for a task, and for a draft that failed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tojax.check.matching import Matcher
from tojax.model.lint import suspicions
from tojax.model.task import Task
from tojax.rules.bugs import Bug

_WORD = re.compile(r"[A-Za-z_]\w+")
_DRAFT_WEIGHT, _ERROR_BONUS = 1.5, 0.5  # of what is met in the source, or alike in wording
_LEAST = 0.2

Scores = Mapping[str, float]  # by the code of the bug


@dataclass(frozen=True)
class Failure:
    """What is known of a draft that failed: its code, and its exception's class or ``differs``."""

    code: str
    error: str


def ranked_bugs(task: Task, failure: Failure | None = None) -> list[Bug]:
    """The bugs that may matter, best first.

    Args:
        task: what is translated; its constructs and its wording count.
        failure: the draft to repair; the bugs that it may have, and how it failed, count more.
    """
    in_source, in_draft = _met_in_source(task), _met_in_draft(task, failure)
    alike = _closeness(task.bugs, task.source + (failure.code if failure else ""))

    def score(bug: Bug) -> float:
        fails_alike = failure is not None and failure.error == bug.broken
        return (
            in_source.get(bug.code, 0.0)
            + _DRAFT_WEIGHT * in_draft.get(bug.code, 0.0)
            + alike[bug.code] * (1 + _ERROR_BONUS * fails_alike)
        )

    scores = {bug.code: score(bug) for bug in task.bugs}
    met = [bug for bug in task.bugs if scores[bug.code] >= _LEAST]
    return sorted(met, key=lambda bug: (-scores[bug.code], bug.code))


def _met_in_source(task: Task) -> Scores:
    matcher = Matcher(task.bugs)
    return _shares(matcher.bugs_of(construct) for construct in task.constructs)


def _met_in_draft(task: Task, failure: Failure | None) -> Scores:
    by_place: dict[object, list[Bug]] = {}
    for suspicion in suspicions(failure.code, task.bugs) if failure else ():
        by_place.setdefault(suspicion.range, []).append(suspicion.bug)
    return _shares(by_place.values())


def _shares(places: Iterable[Iterable[Bug]]) -> Scores:
    """From a half to one for each bug that is met: the fewer others are met there, the more."""
    best: dict[str, float] = {}
    for place in places:
        bugs = list(place)
        for bug in bugs:
            best[bug.code] = max(best.get(bug.code, 0.0), 0.5 + 0.5 / len(bugs))
    return best


def _closeness(bugs: tuple[Bug, ...], code: str) -> Scores:
    """The cosine between the wording of each bug's code and this code."""
    documents, rarity = _documents(bugs)
    query = _weighted(_words(code), rarity)
    return {
        name: sum(weight * query.get(word, 0.0) for word, weight in document.items())
        for name, document in documents.items()
    }


@lru_cache(maxsize=4)
def _documents(bugs: tuple[Bug, ...]) -> tuple[Mapping[str, Scores], Scores]:
    """The words of each bug's code by weight, and how rare each word is among the bugs."""
    counts = {bug.code: _words(bug.pytorch + bug.broken_jax) for bug in bugs}
    spread = Counter(word for words in counts.values() for word in words)
    rarity = {word: math.log((1 + len(bugs)) / number) for word, number in spread.items()}
    return {code: _weighted(words, rarity) for code, words in counts.items()}, rarity


def _words(code: str) -> Counter[str]:
    return Counter(_WORD.findall(code))


def _weighted(words: Mapping[str, int], rarity: Scores) -> Scores:
    """A vector of length one: damped count times rarity, for the words that have one."""
    weights = {w: (1 + math.log(n)) * rarity[w] for w, n in words.items() if w in rarity}
    length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {word: weight / length for word, weight in weights.items()}
