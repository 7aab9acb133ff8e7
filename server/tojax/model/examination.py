"""What becomes of one draft: checked, run, and corrected where the library shows how."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tojax.model.allow_list import refusals
from tojax.model.evidence import Evidence
from tojax.model.examples import corrected
from tojax.model.lint import Suspicion, suspicions
from tojax.model.mechanical import without_torch
from tojax.model.task import Task
from tojax.nouns import Verdict

_MOST_CORRECTIONS = 4  # tried one by one, where all of them together do not help


@dataclass(frozen=True)
class Examination:
    """How drafts of one task are examined.

    Args:
        task: what is translated.
        finish: what is made of a draft before it is checked.
        run: compares a version with PyTorch; None where nothing can be run.
        with_library: whether known bugs are looked for, and corrected where their own pair of
            blocks shows how.
    """

    task: Task
    finish: Callable[[str], str]
    run: Callable[[str], Verdict] | None
    with_library: bool

    def of(self, code: str, *, as_is: bool = False) -> Evidence:
        """What is known of a draft; unless it is to be taken as it is, it may be corrected."""
        try:
            ast.parse(code)
            return self._examined(code) if as_is else self._improved(code)
        except RecursionError:
            return Evidence(code, bad_answer="the code is nested too deeply")
        except (SyntaxError, ValueError, MemoryError) as error:
            return Evidence(code, bad_answer=f"the code does not parse: {error}")

    def _improved(self, code: str) -> Evidence:
        code = without_torch(code)
        if self.with_library:  # names that do not exist need no run to be known as wrong
            code = corrected(code, suspicions(code, self.task.bugs), only_unknown=True)
        evidence = self._examined(self.finish(code))
        if evidence.verdict is None or evidence.verdict.status == "verified":
            return evidence
        for group in _groups(evidence.suspicions):
            other = corrected(evidence.code, group)
            if other != evidence.code:
                better = self._examined(other)
                if better.height > evidence.height:
                    return better
        return evidence

    def _examined(self, code: str) -> Evidence:
        refused = refusals(code, self.task.source, self.task.translation.code)
        known = suspicions(code, self.task.bugs) if self.with_library else []
        if refused:
            return Evidence(code, refusals=tuple(refused), suspicions=tuple(known))
        verdict = self.run(code) if self.run is not None else None
        return Evidence(code, suspicions=tuple(known), verdict=verdict)


def _groups(known: Sequence[Suspicion]) -> Iterator[Sequence[Suspicion]]:
    """Which suspicions to follow: all of them, or else those of one bug."""
    codes = dict.fromkeys(suspicion.bug.code for suspicion in known)
    yield known
    if len(codes) > 1:
        for code in list(codes)[:_MOST_CORRECTIONS]:
            yield [suspicion for suspicion in known if suspicion.bug.code == code]
