"""What is known of a draft that did not hold, in words for the model that repairs it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tojax.model.allow_list import Refusal
from tojax.model.lint import Suspicion
from tojax.model.retrieval import Failure
from tojax.nouns import Rung, Verdict

_EXCEPTION = re.compile(r"\b([A-Z]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration))\b")
_MOST_REFUSALS, _MOST_SUSPICIONS = 10, 6


@dataclass(frozen=True)
class Evidence:
    """One draft and what went wrong with it.

    Args:
        code: the draft; empty where the answer held none.
        bad_answer: why the answer was no draft.
        refusals: what it does that it must not; such a draft is not run.
        suspicions: known bugs that it may have.
        verdict: how it compared with PyTorch.
    """

    code: str = ""
    bad_answer: str = ""
    refusals: tuple[Refusal, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    verdict: Verdict | None = None

    @property
    def may_be_run(self) -> bool:
        """Whether there is code, and nothing in it that must not be."""
        return bool(self.code) and not self.bad_answer and not self.refusals

    @property
    def height(self) -> tuple[float, ...]:
        """How high it climbed, so that drafts compare."""
        return height(self.verdict)

    @property
    def failure(self) -> Failure:
        """The code, and the class of the exception that ended it or ``differs``."""
        if self.bad_answer:
            return Failure("", "")
        if self.verdict is None:
            texts = " ".join(refusal.reason for refusal in self.refusals)
            return Failure(self.code, "AttributeError" if "has no '" in texts else "")
        found = _EXCEPTION.search(self.verdict.message)
        return Failure(self.code, found[1] if found else "differs")

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.bad_answer:
            yield f"The last answer could not be used: {self.bad_answer}."
        if self.refusals:
            yield "This code was not run, since it does what it must not:"
            yield from (f"- {refusal}" for refusal in self.refusals[:_MOST_REFUSALS])
        if self.verdict is not None:
            for part in self.verdict.parts or (self.verdict,):
                yield from _verdict_lines(part)
        if self.suspicions:
            yield "Places where a known bug is often made; look at each:"
            yield from (f"- {suspicion}" for suspicion in self.suspicions[:_MOST_SUSPICIONS])


def _verdict_lines(verdict: Verdict) -> Iterator[str]:
    if verdict.status == "verified":
        yield f"`{verdict.target}` agrees with PyTorch."
        return
    yield f"`{verdict.target}` does not agree with PyTorch. {verdict.message}"
    if verdict.failing_input:
        yield f"Input: {verdict.failing_input}"
    if verdict.rung is not Rung.NOTHING:
        yield f"It got as far as: {verdict.rung.value}."


def difference(before: str, after: str) -> str:
    """What changed between two drafts, as a unified diff without file names."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))


def height(verdict: Verdict | None) -> tuple[float, ...]:
    """How much of a file agrees with PyTorch: targets verified, then rungs, both on average."""
    if verdict is None:
        return (-1.0, -1.0)
    parts = verdict.parts or (verdict,)
    verified = sum(part.status == "verified" for part in parts)
    return (verified / len(parts), sum(part.rung.height for part in parts) / len(parts))
