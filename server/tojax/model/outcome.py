"""What the loop tells: where it is, how each attempt fared, and what came of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tojax.model.draft import Draft
from tojax.model.errors import ModelError
from tojax.model.evidence import Evidence
from tojax.model.messages import Reply
from tojax.model.prompt import Prompt
from tojax.nouns import Rung, Verdict

Doing = Literal["asking", "checking", "running", "confirming"]


@dataclass(frozen=True)
class Progress:
    """Where the loop is: round and sample from one, and the highest rung that a draft reached."""

    round: int
    rounds: int
    sample: int
    doing: Doing
    rung: Rung = Rung.NOTHING


@dataclass(frozen=True)
class Attempt:
    """One answer of the model and how it fared.

    ``draft`` is None where the answer held none; ``reply`` where there was none either.
    """

    round: int
    sample: int
    prompt: Prompt
    evidence: Evidence
    reply: Reply | None = None
    draft: Draft | None = None

    @property
    def code(self) -> str:
        """The JAX file that was tried."""
        return self.evidence.code

    @property
    def height(self) -> tuple[float, ...]:
        """How high it climbed, so that attempts compare."""
        return self.evidence.height


def compares_nothing(verdict: Verdict | None) -> bool:
    """Whether PyTorch itself gave nothing to compare with."""
    return verdict is None or not any(part.evidence for part in verdict.parts or (verdict,))


Ending = Literal["verified", "unverified", "rounds", "budget", "cancelled", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    ``ended``: ``unverified`` where nothing could be run, so that the first draft that may be run
    was taken; ``failed`` where the model could not be asked (any more), with ``error``.
    ``confirmation`` is the verdict of the last, independent run of the best draft, on inputs that
    no evidence has shown; only then has it ended ``verified``.
    """

    ended: Ending
    attempts: tuple[Attempt, ...] = ()
    best: Attempt | None = None
    confirmation: Verdict | None = None
    error: ModelError | None = None
