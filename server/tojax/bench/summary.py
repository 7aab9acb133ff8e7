"""The numbers of an experiment, from its records: what execution says first, judges apart.

Everything under ``times`` depends on the machine; the rest is the same for the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any

from tojax.bench.comparisons import EXECUTED, TIMED, compare_passes, compare_scores
from tojax.bench.grouping import Group, by_case, mean
from tojax.bench.judged import Judged
from tojax.bench.passk import pass_at_k
from tojax.bench.records import Judgement, Plan, Sample, Start, Version
from tojax.bench.statistics import interval
from tojax.nouns import Rung

VERIFIED = "verified"
LEVELS = (*(rung.value for rung in Rung if rung is not Rung.NOTHING), VERIFIED)


def summarise(
    plan: Plan,
    starts: Sequence[Start],
    samples: Sequence[Sample],
    judgements: Sequence[Judgement],
) -> dict[str, Any]:
    """All numbers, as JSON data."""
    judged = Judged(judgements)
    groups = {
        (model, arm): [s for s in samples if (s.model, s.arm) == (model, arm)]
        for model in plan.models
        for arm in plan.arms
    }
    groups = {group: found for group, found in groups.items() if found}
    return {
        "plan": plan.model_dump(mode="json"),
        "cases": [_case(start) for start in starts],
        "arms": [_arm(plan, group, found, judged) for group, found in groups.items()],
        "comparisons": [
            *compare_passes(plan, groups),
            *compare_scores(plan, groups, EXECUTED, judged=False),
            *compare_scores(plan, groups, judged.values, judged=True),
        ],
        "judges": judged.judges(),
        "samples": [_sample(sample, judged) for sample in samples],
        "times": {
            "arms": [_times(group, found) for group, found in groups.items()],
            "comparisons": compare_scores(plan, groups, TIMED, judged=False),
            "samples": [_sample_times(sample) for sample in samples],
        },
    }


def reaches(version: Version, level: str) -> bool:
    """Whether a version got at least to a level of the ladder, or was verified."""
    return version.passed if level == VERIFIED else version.reaches(Rung(level))


def _case(start: Start) -> dict[str, Any]:
    return {
        "case": start.case,
        "runs": start.runs,
        "message": "" if start.runs else start.rules.message,
        "rules": start.rules.status,
        "rules rung": start.rules.rung.value,
        "unresolved": start.unresolved,
        "reference": start.origin,
    }


def _arm(plan: Plan, group: Group, samples: Sequence[Sample], judged: Judged) -> dict[str, Any]:
    cases = by_case(samples)
    rates = [fmean(sample.first.passed for sample in found) for found in cases.values()]
    final = [fmean(sample.final.passed for sample in found) for found in cases.values()]
    fixes = [sample.fix for sample in samples if sample.fix is not None]
    return {
        "model": group[0],
        "arm": group[1],
        "cases": len(cases),
        "samples": len(samples),
        "pass@k": _pass_at_k(plan, cases, lambda sample: sample.first),
        "pass@k after repair": _pass_at_k(plan, cases, lambda sample: sample.final),
        "pass@1 interval": interval(rates, plan.seed),
        "pass@1 after repair interval": interval(final, plan.seed),
        "codebleu": {
            part: mean(getattr(s.codebleu, part, None) for s in samples)
            for part in ("score", "ngrams", "keywords", "syntax", "dataflow")
        },
        "fix cost": {
            "known": len(fixes),
            **{
                part: mean(getattr(fix, part) for fix in fixes)
                for part in ("places", "replaced", "inserted", "deleted", "lines")
            },
        },
        "judged": {
            **{name: mean(map(value, samples)) for name, value in judged.values.items()},
            "kinds of fixes": judged.kinds(group),
            "comparison": judged.comparison(group),
        },
        "answers": mean(sample.asked for sample in samples),
        "fixed bugs told": mean(sample.told for sample in samples if sample.asked),
        "parts left out": mean(sample.left_out for sample in samples if sample.asked),
        "prompt tokens": mean(sample.prompt_tokens for sample in samples),
        "output tokens": mean(sample.output_tokens for sample in samples),
    }


def _pass_at_k(
    plan: Plan, cases: Mapping[str, Sequence[Sample]], which: Callable[[Sample], Version]
) -> dict[str, dict[str, float]]:
    """For each level of the ladder and each k, the mean over the cases."""
    return {
        level: {
            str(k): fmean(
                pass_at_k(len(found), sum(reaches(which(s), level) for s in found), k)
                for found in cases.values()
            )
            for k in range(1, plan.samples + 1)
        }
        for level in LEVELS
    }


def _sample(sample: Sample, judged: Judged) -> dict[str, Any]:
    return {
        "case": sample.case,
        "model": sample.model,
        "arm": sample.arm,
        "sample": sample.number,
        "status": sample.first.status,
        "rung": sample.first.rung.value,
        "status after repair": sample.final.status,
        "rung after repair": sample.final.rung.value,
        "answers": sample.asked,
        "fixed bugs told": sample.told,
        "parts left out": sample.left_out,
        "ended": sample.ended,
        "codebleu": sample.codebleu.score if sample.codebleu else None,
        "places to fix": sample.fix.places if sample.fix else None,
        "lines to fix": sample.fix.lines if sample.fix else None,
        **{f"judged {name}": value(sample) for name, value in judged.values.items()},
        "prompt tokens": sample.prompt_tokens,
        "output tokens": sample.output_tokens,
    }


def _sample_times(sample: Sample) -> dict[str, Any]:
    return {
        "torch seconds": sample.final.torch_seconds,
        "jax seconds": sample.final.jax_seconds,
        "model seconds": sample.model_seconds,
        "seconds": sample.seconds,
    }


def _times(group: Group, samples: Sequence[Sample]) -> dict[str, Any]:
    times = [_sample_times(sample) for sample in samples]
    means = {name: mean(each[name] for each in times) for name in times[0]}
    return {"model": group[0], "arm": group[1], **means}
