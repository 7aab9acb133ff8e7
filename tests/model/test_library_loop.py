"""The loop with a model that makes each bug of the library, and corrects it only if told how.

With the library in its prompts and the evidence of a run, the model ends verified; without the
library it does not, since nothing tells it better.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.model.library_cases import Learner, task_of
from tests.model.ollama_double import Answer, ChatRequest, OllamaDouble
from tojax.model.loop import Verifier, improve
from tojax.model.ollama import Client
from tojax.model.outcome import Outcome
from tojax.model.prompt import OURS, Augmentation
from tojax.model.settings import ModelSettings
from tojax.model.trial import Trial
from tojax.nouns import Verdict
from tojax.rules.bugs import Bug, load_bugs
from tojax.verify.workers import Workers

BUGS = load_bugs()
PLAIN = Augmentation("none", rules=False)

# Right versions that verification cannot call so: draws that PyTorch does not make, or makes with
# NumPy; a shape that no compiled code can have; and PyTorch's own compiler, which is off.
UNJUDGED = {"host-randomness-under-jit", "jit-in-a-loop", "nonzero", "one-key-over-vmap"}


@dataclass
class Lesson:
    """The server that all cases share, and what it answers in the case at hand."""

    client: Client = field(init=False)
    learner: Learner | None = None

    def __call__(self, request: ChatRequest) -> Answer:
        assert self.learner is not None
        return self.learner(request)


@pytest.fixture(scope="module")
def lesson() -> Iterator[Lesson]:
    lesson = Lesson()
    with OllamaDouble(lesson) as double:
        lesson.client = Client(ModelSettings(host=double.url))
        yield lesson


@dataclass
class Remembering:
    """Runs each version once."""

    verifier: Verifier
    known: dict[tuple[str, bool], Verdict] = field(default_factory=dict)

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        if (code, fresh) not in self.known:
            self.known[code, fresh] = self.verifier.verdict(code, seconds=seconds, fresh=fresh)
        return self.known[code, fresh]


def test_there_are_few_that_verification_cannot_tell() -> None:
    assert {bug.slug for bug in BUGS} >= UNJUDGED
    assert len(UNJUDGED) <= 0.05 * len(BUGS)


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.slug)
def test_the_library_makes_the_difference(bug: Bug, lesson: Lesson, workers: Workers) -> None:
    task = task_of(bug, BUGS)
    lesson.learner = Learner(bug, task.source)
    trial = Trial(task.source, workers, device="cpu", seeds=(0,), fresh_seeds=(101,))
    verifier = Remembering(trial)

    def ending(augmentation: Augmentation) -> Outcome:
        settings = ModelSettings(rounds=2)
        return improve(task, lesson.client, verifier, settings, augmentation=augmentation)

    told, untold = ending(OURS), ending(PLAIN)
    assert told.error is None and untold.error is None
    assert untold.ended != "verified"
    assert (told.ended == "verified") is (bug.slug not in UNJUDGED), told.attempts[-1].evidence
    if bug.slug not in UNJUDGED and len(told.attempts) == 2:
        assert told.best is not None and told.best.code.strip() == bug.fixed_jax.strip()
        assert bug.code in told.attempts[-1].prompt.bugs
    elif bug.slug not in UNJUDGED:
        (only,) = told.attempts
        assert only.draft is not None and only.code != only.draft.code, "corrected by nobody"
