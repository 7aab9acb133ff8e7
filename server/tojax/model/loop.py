"""Draft, check, run, repair: only what execution confirms counts.

A draft passes the allow-list before it is run. What was wrong with the best draft so far goes back
to the model as evidence, for some rounds and within a budget of time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from tojax.model.draft import draft_schema, read_draft
from tojax.model.errors import BadAnswer, Cancelled, ModelError, TimedOut
from tojax.model.evidence import Evidence, height
from tojax.model.examination import Examination
from tojax.model.messages import Message, Reply
from tojax.model.outcome import Attempt, Doing, Ending, Outcome, Progress, compares_nothing
from tojax.model.prompt import OURS, Augmentation, History, Prompt, build_prompt
from tojax.model.settings import ModelSettings
from tojax.model.task import Task
from tojax.nouns import Rung, Verdict

_WARMER = 0.4  # added to the temperature of further samples, and after a draft came back unchanged


class Chat(Protocol):
    """What answers prompts: `tojax.model.ollama.Client`, or a double."""

    def chat(
        self,
        messages: Sequence[Message],
        *,
        schema: dict[str, Any] | None = None,
        num_ctx: int,
        seed: int | None = None,
        temperature: float | None = None,
        on_text: Callable[[str], None] | None = None,
        cancelled: threading.Event | None = None,
        deadline: float | None = None,
    ) -> Reply:
        """The next message."""

    def context_length(self) -> int:
        """The longest context in tokens."""


class Verifier(Protocol):
    """What compares a draft with PyTorch: `tojax.model.trial.Trial`."""

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        """How a draft compares; ``fresh`` asks for inputs that were not used before."""


def improve(
    task: Task,
    chat: Chat,
    verifier: Verifier | None,
    settings: ModelSettings,
    *,
    finish: Callable[[str], str] = lambda code: code,
    repair: str | None = None,
    augmentation: Augmentation = OURS,
    cancelled: threading.Event | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_text: Callable[[str], None] | None = None,
) -> Outcome:
    """Have a model translate a file until it is verified, or rounds or time run out.

    Args:
        task: what is translated.
        chat: the model.
        verifier: runs drafts; None where there is nothing to run them with.
        settings: rounds, samples, temperature, and the budget of time.
        finish: what is made of a draft (code that parses) before it is checked and run.
        repair: a JAX version to begin with; what is wrong with it is the first evidence.
        augmentation: what the prompts tell beyond the source.
        cancelled: set it (from another thread) to stop.
        on_progress: called before each step.
        on_text: called with each piece of an answer.
    """
    loop = _Loop(
        task,
        chat,
        verifier,
        settings,
        finish,
        repair,
        augmentation,
        cancelled,
        on_progress,
        on_text,
    )
    return loop.run()


class _OutOfTime(Exception):
    """The budget is spent."""


@dataclass
class _Loop:
    task: Task
    chat: Chat
    verifier: Verifier | None
    settings: ModelSettings
    finish: Callable[[str], str]
    repair: str | None
    augmentation: Augmentation
    cancelled: threading.Event | None
    on_progress: Callable[[Progress], None]
    on_text: Callable[[str], None] | None
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def best(self) -> Attempt | None:
        """The attempt that climbed highest, the later one of two."""
        return max(reversed(self.attempts), key=lambda a: a.height, default=None)

    def run(self) -> Outcome:
        """All rounds; never raises a `ModelError`."""
        self.deadline = time.monotonic() + self.settings.budget_seconds
        error: ModelError | None = None
        confirmation: Verdict | None = None
        ended: Ending
        try:
            ended, confirmation = self._rounds()
        except Cancelled as problem:
            ended, error = "cancelled", problem
        except _OutOfTime:
            ended = "budget"
        except TimedOut as problem:
            ended = "budget" if self._seconds_left() <= 0 else "failed"
            error = problem
        except ModelError as problem:
            ended, error = "failed", problem
        return Outcome(ended, tuple(self.attempts), self.best, confirmation, error)

    def _rounds(self) -> tuple[Ending, Verdict | None]:
        """How it ended, with the verdict that confirms the last draft if it was verified."""
        context = self.chat.context_length()
        present = self._present()
        history = History(present) if present is not None else None
        for number in range(1, self.settings.rounds + 1):
            prompt = build_prompt(
                self.task, context, history=history, augmentation=self.augmentation
            )
            for sample in range(1, self.settings.samples + 1):
                self.attempts.append(self._attempt(prompt, number, sample))
                evidence = self.attempts[-1].evidence
                if evidence.may_be_run and compares_nothing(evidence.verdict):
                    return "unverified", None
                verdict = self._confirmed()
                if verdict is not None:
                    return "verified", verdict
            history = _history(present, self.best, self.attempts[-1])
        return "rounds", None

    def _present(self) -> Evidence | None:
        """What is wrong with the version that is to be repaired.

        Raises:
            ModelError: nothing is.
        """
        if self.repair is None:
            return None
        evidence = self._tried(self.repair, 1, 1, as_is=True)
        if evidence.verdict is not None and evidence.verdict.status == "verified":
            raise ModelError("the JAX version is verified: there is nothing to repair")
        return evidence

    def _attempt(self, prompt: Prompt, number: int, sample: int) -> Attempt:
        self._tell(number, sample, "asking")
        try:
            reply = self.chat.chat(
                prompt.messages,
                schema=draft_schema(),
                num_ctx=prompt.num_ctx,
                seed=1000 * number + sample,
                temperature=self._temperature(sample),
                on_text=self.on_text,
                cancelled=self.cancelled,
                deadline=self.deadline,
            )
        except BadAnswer as problem:
            return Attempt(number, sample, prompt, Evidence(bad_answer=problem.message))
        try:
            draft = read_draft(reply.text, truncated=reply.truncated)
        except BadAnswer as problem:
            evidence = Evidence(bad_answer=problem.message)
            return Attempt(number, sample, prompt, evidence, reply)
        self._tell(number, sample, "checking")
        evidence = self._tried(draft.code, number, sample)
        return Attempt(number, sample, prompt, evidence, reply, draft)

    def _temperature(self, sample: int) -> float:
        """Warmer for further samples, and where the model only repeats itself."""
        codes = [attempt.code for attempt in self.attempts]
        repeats = len(codes) > 1 and codes[-1] == codes[-2]
        return self.settings.temperature + _WARMER * (sample > 1 or repeats)

    def _tried(self, code: str, number: int, sample: int, *, as_is: bool = False) -> Evidence:
        """Check a draft and, if it may be run, run it."""

        def run(code: str) -> Verdict:
            self._tell(number, sample, "running")
            return self._verdict(code)

        with_library = self.augmentation.bugs == "retrieved"
        runner = run if self.verifier is not None else None
        return Examination(self.task, self.finish, runner, with_library).of(code, as_is=as_is)

    def _confirmed(self) -> Verdict | None:
        """The verdict of an independent run of the last draft, if it is verified in both."""
        attempt = self.attempts[-1]
        verdict = attempt.evidence.verdict
        if verdict is None or verdict.status != "verified":
            return None
        self._tell(attempt.round, attempt.sample, "confirming")
        again = self._verdict(attempt.code, fresh=True)
        if again.status == "verified":
            return again
        self.attempts[-1] = replace(attempt, evidence=replace(attempt.evidence, verdict=again))
        return None

    def _verdict(self, code: str, *, fresh: bool = False) -> Verdict:
        assert self.verifier is not None
        seconds = self._seconds_left()
        if seconds <= 0:
            raise _OutOfTime
        verdict = self.verifier.verdict(code, seconds=seconds, fresh=fresh)
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled("cancelled")
        if self._seconds_left() <= 0:
            raise _OutOfTime
        return verdict

    def _seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def _tell(self, number: int, sample: int, doing: Doing) -> None:
        if self.cancelled is not None and self.cancelled.is_set():
            raise Cancelled("cancelled")
        if self._seconds_left() <= 0:
            raise _OutOfTime
        verdict = self.best.evidence.verdict if self.best is not None else None
        rung = verdict.rung if verdict is not None else Rung.NOTHING
        self.on_progress(Progress(number, self.settings.rounds, sample, doing, rung))


def _history(present: Evidence | None, best: Attempt | None, last: Attempt) -> History | None:
    """What to repair: the best version, and what was tried last if that was another one."""
    if present is not None and (best is None or best.height < height(present.verdict)):
        return History(present, last.evidence if last.code else None)
    if best is None:
        return None
    return History(best.evidence, last.evidence if last is not best and last.code else None)
