"""One sample of one arm: the first answer, what repair makes of it, and what that took."""

from __future__ import annotations

import ast
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tojax.bench.arms import Arm
from tojax.bench.codebleu import codebleu
from tojax.bench.fixcost import fix_cost
from tojax.bench.records import Likeness, Sample, Start, Version
from tojax.model.allow_list import refusals
from tojax.model.errors import ModelMissing, ServerFailed, Unreachable
from tojax.model.loop import Chat, Verifier, improve
from tojax.model.merge import merged
from tojax.model.messages import Message, Reply
from tojax.model.outcome import Outcome
from tojax.model.settings import ModelSettings
from tojax.model.task import Task
from tojax.nouns import Rung, Verdict

_SEED_STEP = 100_000  # beyond any seed of the loop
_SERVER_GONE = (ModelMissing, ServerFailed, Unreachable)


@dataclass
class SampleChat:
    """A model for one sample: with seeds of its own, and a count of what it took."""

    chat_with: Chat
    seed: int
    replies: list[Reply] = field(default_factory=list)

    def chat(self, messages: Sequence[Message], *, seed: int | None = None, **how: Any) -> Reply:
        """The next message."""
        reply = self.chat_with.chat(messages, seed=(seed or 0) + self.seed, **how)
        self.replies.append(reply)
        return reply

    def context_length(self) -> int:
        """The longest context in tokens."""
        return self.chat_with.context_length()


@dataclass
class Remembering:
    """A verifier that runs the same code on the same inputs once."""

    verifier: Verifier
    verdicts: dict[tuple[str, bool], Verdict] = field(default_factory=dict)

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        """How a version compares."""
        if (code, fresh) not in self.verdicts:
            verdict = self.verifier.verdict(code, seconds=seconds, fresh=fresh)
            if verdict.status == "error":
                return verdict
            self.verdicts[code, fresh] = verdict
        return self.verdicts[code, fresh]


def confirmed(verifier: Verifier, code: str, seconds: float) -> Version:
    """How a version compares: verified only if it is on inputs of a second kind too."""
    verdict = verifier.verdict(code, seconds=seconds)
    if verdict.status == "verified":
        verdict = verifier.verdict(code, seconds=seconds, fresh=True)
    return version(code, verdict)


def version(code: str, verdict: Verdict) -> Version:
    """A version with what counts of its verdict; times are sums over its parts."""
    parts = verdict.parts or (verdict,)

    def total(times: list[float | None]) -> float | None:
        known = [seconds for seconds in times if seconds is not None]
        return sum(known) if len(known) == len(parts) else None

    return Version(
        code=code,
        status=verdict.status,
        rung=verdict.rung,
        message=verdict.message,
        torch_seconds=total([part.torch_seconds for part in parts]),
        jax_seconds=total([part.jax_seconds for part in parts]),
    )


def draw(
    arm: Arm,
    number: int,
    task: Task,
    start: Start,
    chat: SampleChat,
    verifier: Verifier,
    settings: ModelSettings,
) -> Sample:
    """Draw one sample.

    Raises:
        ModelError: the server cannot be asked, so that nothing is known of the arm.
    """
    began = time.monotonic()
    if arm.completes_rules and (not start.unresolved or start.rules.passed):
        outcome = Outcome("verified" if start.rules.passed else "unverified")
    else:
        outcome = improve(
            task,
            chat,
            verifier,
            settings,
            finish=lambda code: _finished(arm, code, task),
            augmentation=arm.augmentation,
        )
    if isinstance(outcome.error, _SERVER_GONE):
        raise outcome.error
    first = _first(arm, outcome, task, verifier, settings.budget_seconds)
    final = first if first.passed else _best(outcome)
    if arm.completes_rules:  # the model's version is taken only where it is verified
        first, final = (each if each.passed else start.rules for each in (first, final))
    prompts = [attempt.prompt for attempt in outcome.attempts[:1]]
    return Sample(
        case=start.case,
        model=settings.model,
        arm=arm.name,
        number=number,
        first=first,
        final=final,
        codebleu=_likeness(arm, first, start),
        fix=fix_cost(first.code, final.code) if final.passed else None,
        asked=len(outcome.attempts),
        told=sum(len(prompt.bugs) for prompt in prompts),
        left_out=sum(len(prompt.left_out) for prompt in prompts),
        ended=outcome.ended,
        prompt_tokens=sum(reply.prompt_tokens for reply in chat.replies),
        output_tokens=sum(reply.output_tokens for reply in chat.replies),
        model_seconds=sum(reply.seconds for reply in chat.replies),
        seconds=time.monotonic() - began,
    )


def seed_of(seed: int, number: int) -> int:
    """What is added to the seeds of a sample."""
    return (seed + number) * _SEED_STEP


def _finished(arm: Arm, code: str, task: Task) -> str:
    """An answer as the arm would hand it over."""
    return merged(code, task.translation.code) if arm.completes_rules else code


def _first(arm: Arm, outcome: Outcome, task: Task, verifier: Verifier, seconds: float) -> Version:
    """The first answer as it came: the loop may have corrected it before it ran it."""
    if not outcome.attempts:
        return _not_run("", str(outcome.error or outcome.ended))
    attempt = outcome.attempts[0]
    if attempt.draft is None:
        return _not_run("", attempt.evidence.bad_answer)
    code = attempt.draft.code
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return _not_run(code, f"it does not parse: {error}")
    code = _finished(arm, code, task)
    refused = refusals(code, task.source, task.translation.code)
    if refused:
        return _not_run(code, str(refused[0]), Rung.PARSES)
    return confirmed(verifier, code, seconds)


def _best(outcome: Outcome) -> Version:
    """What the loop ends with; verified only if an independent run confirmed it."""
    best = outcome.best
    if best is None:
        return _not_run("", str(outcome.error or outcome.ended))
    if outcome.confirmation is not None:
        return version(best.code, outcome.confirmation)
    verdict = best.evidence.verdict
    if verdict is None:
        rung = Rung.PARSES if best.evidence.refusals else Rung.NOTHING
        return _not_run(best.code, str(best.evidence), rung)
    found = version(best.code, verdict)
    return found.model_copy(update={"status": "unverified"}) if found.passed else found


def _not_run(code: str, message: str, rung: Rung = Rung.NOTHING) -> Version:
    return Version(code=code, status="not run", rung=rung, message=message)


def _likeness(arm: Arm, first: Version, start: Start) -> Likeness | None:
    """Rules are not compared with themselves."""
    if start.reference is None or (arm.completes_rules and start.origin == "rules"):
        return None
    found = codebleu(first.code, start.reference)
    return Likeness(score=found.score, **asdict(found))
