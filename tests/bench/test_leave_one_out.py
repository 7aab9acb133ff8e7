"""What was harvested from a case is not told when that case is the test."""

from __future__ import annotations

from pathlib import Path

from tests.bench.test_sampling import Judging, Model
from tests.bench.tiny import CASES, DEVIATION
from tojax.bench.cases import Case
from tojax.bench.experiment import Experiment, plan_of
from tojax.bench.journal import Journal
from tojax.model.repairs import origin_of
from tojax.model.settings import ModelSettings
from tojax.rules.bugs import load_bugs


def test_what_a_case_taught_is_not_told_about_it(tmp_path: Path) -> None:
    case = Case("deviation", CASES["deviation"], DEVIATION)
    first, second = load_bugs()[:2]
    taught = first.model_copy(update={"source": origin_of(case.source)})
    other = second.model_copy(update={"source": origin_of(CASES["shifted"])})
    bugs, settings, model = [taught, other], ModelSettings(rounds=1), Model([DEVIATION])
    plan = plan_of([case], bugs, settings, models=["m"], arms=["augmented"], judges=[], samples=1)
    with Journal(tmp_path / "journal.jsonl", plan, resume=False) as journal:
        verifier = Judging(["ddof"])
        Experiment(
            plan, [case], bugs, settings, lambda name: model, lambda source: verifier, journal
        ).run()
    assert other.title in model.prompts[0]
    assert taught.title not in model.prompts[0]


def test_another_library_is_another_plan() -> None:
    bugs = load_bugs()
    plans = [
        plan_of([], each, ModelSettings(), models=[], arms=[], judges=[], samples=1)
        for each in (bugs, bugs[1:])
    ]
    assert plans[0] != plans[1]
