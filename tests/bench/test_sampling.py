"""One sample: what counts as passed, what an arm is told, and what is taken from whom."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.bench.records import version
from tests.bench.tiny import BIASED, CASES, DEVIATION, SHIFTED
from tojax.bench.arms import ARMS
from tojax.bench.fixcost import FixCost
from tojax.bench.records import Sample, Start, Version
from tojax.bench.sampling import Remembering, SampleChat, confirmed, draw, seed_of
from tojax.model.errors import ModelError, TimedOut, Unreachable
from tojax.model.messages import Message, Reply
from tojax.model.settings import ModelSettings
from tojax.model.task import Task
from tojax.nouns import Evidence, Rung, Verdict
from tojax.translate import translate

SETTINGS = ModelSettings(model="m", rounds=2)
NO_CODE = "I would rather not."


@dataclass
class Model:
    """Answers in order."""

    answers: list[str | ModelError]
    prompts: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)

    def chat(self, messages: Sequence[Message], *, seed: int | None = None, **how: Any) -> Reply:
        self.prompts.append(messages[-1].content)
        self.seeds.append(seed or 0)
        answer = self.answers[len(self.prompts) - 1]
        if isinstance(answer, ModelError):
            raise answer
        is_code = answer != NO_CODE
        code = {"code": answer, "assumptions": [], "unresolved": []}
        return Reply(json.dumps(code) if is_code else answer, 100, 10, 0.5, False, "m", "h")

    def context_length(self) -> int:
        return 32_768


@dataclass
class Judging:
    """Verifies code by its text; what is only right at first does not stand a second run."""

    right: Sequence[str]
    only_at_first: Sequence[str] = ()
    runs: list[tuple[str, bool]] = field(default_factory=list)

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        self.runs.append((code, fresh))
        passes = any(each in code for each in self.right) or (
            not fresh and any(each in code for each in self.only_at_first)
        )
        rung = Rung.JITS if passes else Rung.RUNS
        evidence = (Evidence(rung=rung, outcome="passed"),)
        status = "verified" if passes else "differs"
        return Verdict(target="f", status=status, rung=rung, evidence=evidence, jax_seconds=0.25)


def sample(
    arm: str,
    case: str,
    answers: list[str | ModelError],
    verifier: Judging,
    rules: Version | None = None,
    origin: str = "file",
    settings: ModelSettings = SETTINGS,
) -> tuple[Sample, Model]:
    source = CASES[case]
    translation = translate(source)
    start = Start(
        case=case,
        runs=True,
        rules=rules or version(False, Rung.PARSES, translation.code),
        unresolved=len(translation.unresolved),
        reference=DEVIATION,
        origin=origin,  # type: ignore[arg-type]
    )
    model = Model(answers)
    chat = SampleChat(model, seed_of(3, 2))
    task = Task(source, translation)
    return draw(ARMS[arm], 2, task, start, chat, verifier, settings), model


def test_a_right_first_answer() -> None:
    found, model = sample("retrieved", "deviation", [DEVIATION], Judging(["ddof"]))
    assert (found.first.status, found.first.rung) == ("verified", Rung.JITS)
    assert found.first == found.final
    assert (found.asked, found.ended, found.fix) == (1, "verified", FixCost())
    assert found.codebleu is not None and found.codebleu.score == pytest.approx(1)
    assert (found.prompt_tokens, found.output_tokens, found.model_seconds) == (100, 10, 0.5)
    assert model.seeds == [seed_of(3, 2) + 1001]


def test_a_repair_is_not_a_first_answer() -> None:
    found, model = sample("baseline", "deviation", [BIASED, DEVIATION], Judging(["ddof"]))
    assert (found.first.status, found.final.status) == ("differs", "verified")
    assert (found.first.code, found.final.code) == (BIASED, DEVIATION)
    assert found.fix == FixCost(replaced=1, lines=2)
    assert found.prompt_tokens == 200
    assert "# What is wrong with it" in model.prompts[1]


def test_what_only_one_run_confirms_has_not_passed() -> None:
    found, _ = sample("baseline", "deviation", [BIASED, BIASED], Judging([], ["jnp.std"]))
    assert not found.first.passed and not found.final.passed
    assert found.fix is None


@dataclass
class Slow(Judging):
    """Takes longer than the budget to confirm."""

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        time.sleep(seconds + 0.01 if fresh else 0)
        return super().verdict(code, seconds=seconds, fresh=fresh)


def test_what_there_was_no_time_to_confirm_has_not_passed() -> None:
    settings = SETTINGS.model_copy(update={"budget_seconds": 0.2})
    verifier = Slow(["ddof"])
    found, _ = sample("baseline", "deviation", [BIASED, DEVIATION], verifier, settings=settings)
    assert found.ended == "budget"
    assert (found.final.status, found.final.rung) == ("unverified", Rung.JITS)
    assert not found.final.reaches(Rung.TRAINING)


def test_an_answer_without_code_and_one_that_must_not_run() -> None:
    stolen = f"import os\n{DEVIATION}"
    verifier = Judging(["ddof"])
    found, _ = sample("baseline", "deviation", [NO_CODE, stolen], verifier)
    assert (found.first.status, found.first.code, found.first.rung) == ("not run", "", Rung.NOTHING)
    assert found.codebleu is not None and found.codebleu.score == 0
    assert (found.final.status, found.final.rung) == ("not run", Rung.PARSES)
    assert verifier.runs == []


def test_what_each_arm_is_told() -> None:
    told, counts = {}, {}
    for arm in ("baseline", "augmented", "retrieved"):
        found, model = sample(arm, "deviation", [DEVIATION], Judging(["ddof"]))
        told[arm], counts[arm] = model.prompts[0], found.told
    assert all(CASES["deviation"].strip() in prompt for prompt in told.values())
    assert "Known bug" not in told["baseline"] and "fixed rules" not in told["baseline"]
    assert told["augmented"].count('"LLM_fixed_output"') > 10
    assert "fixed rules" not in told["augmented"] and "fixed rules" in told["retrieved"]
    assert counts["baseline"] == 0
    assert all(told[arm].count("# Known bug") == count for arm, count in counts.items())
    assert 0 < told["retrieved"].count("# Known bug") < told["augmented"].count("# Known bug")


def test_auto_asks_nobody_where_the_rules_are_complete() -> None:
    for passes in (True, False):
        rules = version(passes)
        found, model = sample("auto", "deviation", [], Judging([]), rules, "rules")
        assert (found.first, found.final) == (rules, rules)
        assert (found.asked, found.codebleu, model.prompts) == (0, None, [])
        assert (found.fix is not None) == passes


def test_auto_takes_the_model_only_where_it_is_verified() -> None:
    rules = version(False, Rung.PARSES, translate(CASES["shifted"]).code)
    wrong = SHIFTED.replace("(x)\n", "(x) + 1\n")
    found, _ = sample("auto", "shifted", [wrong, SHIFTED], Judging(["asarray(x)\n"]), rules)
    assert found.first == rules
    assert found.final.passed and "asarray(x)" in found.final.code
    found, _ = sample("auto", "shifted", [wrong, wrong], Judging([]), rules)
    assert (found.first, found.final) == (rules, rules)


def test_a_server_that_is_gone_says_nothing_of_the_arm() -> None:
    with pytest.raises(Unreachable):
        sample("baseline", "deviation", [BIASED, Unreachable("gone")], Judging([]))


def test_a_model_that_is_silent_has_not_passed() -> None:
    found, _ = sample("baseline", "deviation", [TimedOut("late")], Judging([]))
    assert (found.first.status, found.ended, found.asked) == ("not run", "failed", 0)
    assert found.first.message == "late"


def test_a_first_answer_is_not_corrected_for_the_model() -> None:
    """PyTorch that a model leaves is translated by the rules in the loop, not in its answer."""
    left = "import torch\n\n\ndef deviation(x):\n    return torch.std(x, 0) * 2\n"
    verifier = Judging(["ddof"])
    found, _ = sample("baseline", "deviation", [left], verifier)
    assert (found.first.status, found.first.rung) == ("not run", Rung.PARSES)
    assert found.first.code == left
    assert found.final.passed and "torch" not in found.final.code
    assert all("torch" not in code for code, _ in verifier.runs)


def test_samples_have_seeds_of_their_own() -> None:
    seeds = {seed_of(seed, number) for seed, number in [(0, 1), (0, 2), (0, 3)]}
    assert len(seeds) == 3
    assert min(abs(a - b) for a in seeds for b in seeds if a != b) > 50_000


def test_the_same_code_is_run_once() -> None:
    verifier = Judging(["right"])
    remembering = Remembering(verifier)
    for _ in range(2):
        assert confirmed(remembering, "right", 5).passed
        assert not confirmed(remembering, "wrong", 5).passed
    assert verifier.runs == [("right", False), ("right", True), ("wrong", False)]
