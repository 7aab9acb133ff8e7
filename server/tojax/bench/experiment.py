"""The T2J experiment: cases x models x arms x samples, then judges, each answer in a journal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import product

import tojax
from tojax.bench.arms import ARMS
from tojax.bench.cases import Case
from tojax.bench.journal import Entry, Journal
from tojax.bench.judges import judge
from tojax.bench.records import (
    Key,
    Metric,
    Plan,
    Sample,
    Start,
    judgement_key,
    sample_key,
    start_key,
)
from tojax.bench.sampling import Remembering, SampleChat, confirmed, draw, seed_of, version
from tojax.model.harvest import without_origin
from tojax.model.loop import Chat, Verifier
from tojax.model.outcome import compares_nothing
from tojax.model.settings import ModelSettings
from tojax.model.task import Task
from tojax.rules.bugs import Bug
from tojax.translate.project import translate_source


def plan_of(
    cases: Sequence[Case],
    bugs: Sequence[Bug],
    settings: ModelSettings,
    *,
    models: Sequence[str],
    arms: Sequence[str],
    judges: Sequence[str],
    samples: int,
    seed: int = 0,
) -> Plan:
    """The plan of an experiment; the first arm is the one that others are compared with."""
    return Plan(
        tojax=tojax.__version__,
        library=hashlib.sha256("\0".join(bug.page for bug in bugs).encode()).hexdigest(),
        cases={case.name: case.digest for case in cases},
        models=tuple(dict.fromkeys(models)),
        arms=tuple(dict.fromkeys(arms)),
        judges=tuple(dict.fromkeys(judges)),
        samples=samples,
        rounds=settings.rounds,
        temperature=settings.temperature,
        budget_seconds=settings.budget_seconds,
        seed=seed,
    )


@dataclass(frozen=True)
class _Subject:
    """A case, with what is found out about it once."""

    case: Case
    verifier: Verifier
    bugs: Sequence[Bug]

    @cached_property
    def task(self) -> Task:
        """Without the fixed bugs that were harvested from this very case."""
        source = self.case.source
        return Task(source, translate_source(source), without_origin(self.bugs, source))


@dataclass
class Experiment:
    """What runs a plan.

    Args:
        plan: what to do.
        cases: those of the plan.
        bugs: the fixed bugs that may be told.
        settings: for all models; which one is asked is the plan's business.
        chat_of: the model of a name.
        verifier_of: what verifies versions of a PyTorch source.
        journal: where every answer goes, and what there is already.
        on_progress: called with what is done next, how much is done, and of how much at most.
    """

    plan: Plan
    cases: Sequence[Case]
    bugs: Sequence[Bug]
    settings: ModelSettings
    chat_of: Callable[[str], Chat]
    verifier_of: Callable[[str], Verifier]
    journal: Journal
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None
    _done: int = field(default=0, init=False)
    _met: set[str] = field(default_factory=set, init=False)

    def run(self) -> None:
        """Do what the journal lacks, in an order that loads each model once.

        Raises:
            ModelError: a server cannot be asked (any more); what is done is in the journal.
        """
        subjects = [
            _Subject(case, Remembering(self.verifier_of(case.source)), self.bugs)
            for case in self.cases
        ]
        for subject in subjects:
            self._do(start_key(subject.case.name), partial(self._start, subject))
        for model, subject, arm, number in product(
            self.plan.models, subjects, self.plan.arms, self._numbers
        ):
            if self._started(subject).runs:
                key = sample_key(model, arm, subject.case.name, number)
                self._do(key, partial(self._sample, model, subject, arm, number))
        for name in self.plan.judges:
            self._judge(name)

    def _do(self, key: Key, make: Callable[[], Entry]) -> None:
        if key not in self.journal.entries:
            self._models_are_there()
            self.on_progress(" ".join(filter(None, key)), self._done, self._total)
            self.journal.add(make())
        self._done += 1

    def _models_are_there(self) -> None:
        """See that all models can be asked before hours are spent on the first one."""
        for name in {*self.plan.models, *self.plan.judges} - self._met:
            self.chat_of(name).context_length()
            self._met.add(name)

    @property
    def _numbers(self) -> range:
        return range(1, self.plan.samples + 1)

    @property
    def _total(self) -> int:
        plan, cases = self.plan, len(self.cases)
        pools = cases * len(plan.models) * plan.samples
        questions = 2 * len(plan.arms) + 2 * (len(plan.arms) - 1)
        return cases + pools * (len(plan.arms) + len(plan.judges) * questions)

    def _start(self, subject: _Subject) -> Start:
        case, seconds = subject.case, self.settings.budget_seconds
        translation = subject.task.translation
        verdict = subject.verifier.verdict(translation.code, seconds=seconds)
        rules = version(translation.code, verdict)
        if rules.passed:
            rules = confirmed(subject.verifier, translation.code, seconds)
        own = translation.code if rules.passed and translation.complete else None
        return Start(
            case=case.name,
            runs=not compares_nothing(verdict),
            rules=rules,
            unresolved=len(translation.unresolved),
            reference=case.reference or own,
            origin="file" if case.reference else "rules" if own else "none",
        )

    def _started(self, subject: _Subject) -> Start:
        start = self.journal.entries[start_key(subject.case.name)]
        assert isinstance(start, Start)
        return start

    def _sample(self, model: str, subject: _Subject, arm: str, number: int) -> Sample:
        return draw(
            ARMS[arm],
            number,
            subject.task,
            self._started(subject),
            SampleChat(self.chat_of(model), seed_of(self.plan.seed, number)),
            subject.verifier,
            self.settings.model_copy(update={"model": model}),
        )

    def _judge(self, name: str) -> None:
        sources = {case.name: case.source for case in self.cases}
        for metric, sample, other, swapped in self._questions():
            key = judgement_key(metric, name, sample.key, other.arm if other else "", swapped)
            ask = partial(judge, metric, sources[sample.case], sample, self.chat_of(name), name)
            self._do(key, partial(ask, other=other, swapped=swapped, seed=self.plan.seed))

    def _questions(self) -> Iterator[tuple[Metric, Sample, Sample | None, bool]]:
        """What judges are asked: of samples with code alone, and of pairs with the first arm."""
        samples = {key: e for key, e in self.journal.entries.items() if isinstance(e, Sample)}
        for sample in samples.values():
            if not sample.first.code:
                continue
            yield "codetrans", sample, None, False
            yield "fixcost", sample, None, False
            other = samples[sample_key(sample.model, self.plan.arms[0], sample.case, sample.number)]
            if other is not sample and other.first.code:
                yield "comparison", sample, other, False
                yield "comparison", sample, other, True
