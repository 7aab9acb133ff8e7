"""Records as an experiment would write them."""

from __future__ import annotations

from tojax.bench.fixcost import FixCost
from tojax.bench.records import Judgement, Likeness, Metric, Plan, Sample, Start, Version
from tojax.nouns import Rung

PLAN = Plan(
    tojax="1.0",
    library="0",
    cases={"one": "1", "two": "2"},
    models=("m",),
    arms=("baseline", "retrieved"),
    judges=("j",),
    samples=2,
    rounds=2,
    temperature=0.2,
    budget_seconds=60,
)


def version(passed: bool, rung: Rung = Rung.RUNS, code: str = "x = 1\n") -> Version:
    """A version that passes, or gets as far as a rung."""
    status = "verified" if passed else "differs"
    return Version(code=code, status=status, rung=Rung.JITS if passed else rung, jax_seconds=0.5)


def start(case: str) -> Start:
    """A case whose rules' translation is the reference."""
    rules = version(True)
    return Start(case=case, runs=True, rules=rules, unresolved=0, reference="x", origin="rules")


def sample(
    case: str, arm: str, number: int, first: Version, final: Version, score: float = 0.5
) -> Sample:
    """A sample of the model ``m``."""
    return Sample(
        case=case,
        model="m",
        arm=arm,
        number=number,
        first=first,
        final=final,
        codebleu=Likeness(score=score, ngrams=0, keywords=0, syntax=0, dataflow=None),
        fix=FixCost(replaced=1, lines=2) if final.passed else None,
        asked=2,
        told=0,
        left_out=0,
        ended="verified",
        prompt_tokens=10,
        output_tokens=5,
        model_seconds=1,
        seconds=2,
    )


def judgement(
    metric: Metric,
    value: int | tuple[str, ...] | None,
    *,
    case: str = "one",
    arm: str = "retrieved",
    number: int = 1,
    swapped: bool = False,
) -> Judgement:
    """What the judge ``j`` said."""
    return Judgement(
        metric=metric,
        judge="j",
        case=case,
        model="m",
        arm=arm,
        number=number,
        against="baseline" if metric == "comparison" else "",
        swapped=swapped,
        answer="",
        value=value,
    )
