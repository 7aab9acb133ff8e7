"""The loop: what is run, what goes back to the model, when it ends; it never overstates."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from tests.model.ollama_double import Answer, ChatRequest, Fault, OllamaDouble
from tojax.model.loop import improve
from tojax.model.ollama import Client
from tojax.model.outcome import Outcome, Progress
from tojax.model.prompt import Augmentation
from tojax.model.settings import ModelSettings
from tojax.model.task import Task
from tojax.model.trial import Trial
from tojax.nouns import Evidence, Rung, Verdict
from tojax.translate import translate
from tojax.verify import verify
from tojax.verify.workers import Workers

SOURCE = """\
import torch


# tojax: inputs=(float32[4, 3],)
def deviation(x):
    return x.std(0) * 2
"""
TASK = Task(SOURCE, translate(SOURCE))
RIGHT = (
    "import jax.numpy as jnp\n\n\ndef deviation(x):\n    return jnp.std(x, axis=0, ddof=1) * 2\n"
)
WRONG = RIGHT.replace("* 2", "* 3")
BIASED = RIGHT.replace(", ddof=1", "")
BROKEN = RIGHT.replace("jnp.std(", "jnp.no_such(")
CRASHING = RIGHT.replace("* 2", "* jnp.zeros(99)")


def says(code: str) -> Answer:
    text = json.dumps({"code": code, "assumptions": [], "unresolved": []})
    return Answer(text, pieces=[text])


@dataclass
class Script:
    """Answers in order, the last one again and again; remembers the prompts."""

    answers: Sequence[Answer | str]
    prompts: list[str] = field(default_factory=list)
    options: list[dict[str, object]] = field(default_factory=list)

    def __call__(self, request: ChatRequest) -> Answer:
        self.prompts.append(request.prompt)
        self.options.append(dict(request.options))
        found = self.answers[min(len(self.prompts), len(self.answers)) - 1]
        return says(found) if isinstance(found, str) else found


@dataclass
class Judge:
    """A verifier that knows its verdicts; remembers what it was given to run."""

    rungs: dict[str, Rung]
    fresh: dict[str, Rung] = field(default_factory=dict)
    ran: list[tuple[str, bool]] = field(default_factory=list)

    def verdict(self, code: str, *, seconds: float, fresh: bool = False) -> Verdict:
        self.ran.append((code, fresh))
        rung = (self.fresh if fresh and self.fresh else self.rungs)[code]
        verified = rung is Rung.TRAINING
        outcome = Evidence(rung=rung, outcome="passed" if verified else "failed")
        return Verdict(
            target="deviation",
            status="verified" if verified else "differs",
            rung=rung,
            evidence=(outcome,),
            message="" if verified else f"after {rung}: PyTorch gives 1.0, JAX 2.0",
        )


KNOWING = {
    RIGHT: Rung.TRAINING,
    WRONG: Rung.RUNS,
    BIASED: Rung.RUNS,
    CRASHING: Rung.BUILDS,
}
Run = Callable[..., Outcome]


@pytest.fixture
def run() -> Iterator[Run]:
    def start(script: Script, verifier: object = None, **options: object) -> Outcome:
        names = ("cancelled", "on_progress", "augmentation")
        keywords = {name: options.pop(name) for name in names if name in options}
        with OllamaDouble(script) as double:
            settings = ModelSettings(host=double.url, **options)
            return improve(TASK, Client(settings), verifier or Judge(KNOWING), settings, **keywords)

    return start


def test_a_repair_is_asked_for_with_the_evidence(run: Run) -> None:
    script, judge = Script([WRONG, RIGHT]), Judge(KNOWING)
    outcome = run(script, judge)
    assert outcome.ended == "verified" and outcome.best and outcome.best.code == RIGHT
    assert [attempt.round for attempt in outcome.attempts] == [1, 2]
    assert WRONG in script.prompts[1] and "PyTorch gives 1.0, JAX 2.0" in script.prompts[1]
    assert WRONG not in script.prompts[0]
    assert judge.ran == [(WRONG, False), (RIGHT, False), (RIGHT, True)]
    assert all(attempt.reply.output_tokens for attempt in outcome.attempts if attempt.reply)


def test_the_best_draft_is_kept_and_repaired(run: Run) -> None:
    script = Script([WRONG, CRASHING, CRASHING])
    outcome = run(script, rounds=3)
    assert outcome.ended == "rounds" and outcome.best is outcome.attempts[0]
    assert "change to it that did not help" not in script.prompts[1]
    assert WRONG in script.prompts[2] and "A change to it that did not help" in script.prompts[2]
    assert "+    return jnp.std(x, axis=0, ddof=1) * jnp.zeros(99)" in script.prompts[2]


def test_a_known_bug_is_corrected_without_asking(run: Run) -> None:
    judge = Judge(KNOWING)
    outcome = run(Script([BIASED]), judge)
    assert outcome.ended == "verified" and len(outcome.attempts) == 1
    assert outcome.best is not None and outcome.best.code == RIGHT
    assert [code for code, _ in judge.ran] == [BIASED, RIGHT, RIGHT]


def test_a_correction_that_does_not_help_is_not_kept(run: Run) -> None:
    script = Script([BIASED])
    judge = Judge({BIASED: Rung.RUNS, RIGHT: Rung.BUILDS})
    outcome = run(script, judge, rounds=2)
    assert outcome.best is not None and outcome.best.code == BIASED
    assert "Standard deviation" in script.prompts[1]


def test_without_the_library_nothing_is_corrected(run: Run) -> None:
    judge = Judge(KNOWING)
    outcome = run(Script([BIASED]), judge, rounds=1, augmentation=Augmentation("json"))
    assert outcome.ended == "rounds" and outcome.attempts[0].evidence.suspicions == ()


def test_a_name_that_the_library_knows_better_is_replaced_before_anything_runs(run: Run) -> None:
    draft = RIGHT.replace("jnp.std(x", "jnp.std(jnp.cat([x])")
    judge = Judge({draft.replace("cat", "concatenate"): Rung.TRAINING})
    assert run(Script([draft]), judge).ended == "verified"
    assert len(judge.ran) == 2


def test_a_model_that_repeats_itself_gets_warmer(run: Run) -> None:
    script = Script([WRONG])
    run(script, rounds=3)
    assert [options["temperature"] for options in script.options] == [0.2, 0.2, 0.6000000000000001]


def test_several_samples_the_first_verified_one_is_taken(run: Run) -> None:
    script = Script([WRONG, RIGHT, CRASHING])
    outcome = run(script, samples=3)
    assert outcome.ended == "verified" and len(outcome.attempts) == 2
    assert script.prompts[0] == script.prompts[1]
    assert len({options["seed"] for options in script.options}) == 2
    assert script.options[0]["temperature"] != script.options[1]["temperature"]


def test_verified_once_but_not_on_fresh_inputs_is_not_verified(run: Run) -> None:
    script = Script([WRONG, WRONG])
    judge = Judge(rungs={WRONG: Rung.TRAINING}, fresh={WRONG: Rung.RUNS})
    outcome = run(script, judge, rounds=2)
    assert outcome.ended == "rounds" and outcome.confirmation is None
    assert outcome.best and outcome.best.evidence.verdict
    assert outcome.best.evidence.verdict.status == "differs"
    assert "PyTorch gives 1.0" in script.prompts[1]


REFUSED = {
    "os": "import os\n",
    "a file": "open('x', 'w')\n",
    "text as code": "eval('1')\n",
    "torch": "import torch\n\n\ndef deviation(x):\n    return torch.no_such_function(x)\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_allow_list_refuses_is_never_run(run: Run, name: str) -> None:
    script, judge = Script([REFUSED[name] + WRONG, RIGHT]), Judge(KNOWING)
    outcome = run(script, judge)
    assert outcome.ended == "verified"
    assert [code for code, _ in judge.ran] == [RIGHT, RIGHT]
    assert "does what it must not" in script.prompts[1]


def test_names_that_do_not_exist_are_told_before_anything_runs(run: Run) -> None:
    script, judge = Script([BROKEN, RIGHT]), Judge(KNOWING)
    assert run(script, judge).ended == "verified"
    assert len(judge.ran) == 2 and "jax.numpy has no 'no_such'" in script.prompts[1]


def test_pytorch_in_a_draft_is_translated_by_the_rules(run: Run) -> None:
    judge = Judge({})
    judge.rungs = {TASK.translation.code: Rung.TRAINING}
    outcome = run(Script([SOURCE]), judge)
    assert outcome.ended == "verified" and len(outcome.attempts) == 1


ANSWERS = {
    "prose": (Answer("I cannot do that."), "neither JSON"),
    "empty": (Answer(""), "answered with nothing"),
    "wrong schema": (Answer('{"translation": "x"}'), 'no "code"'),
    "wrong type": (Answer('{"code": 3}'), '"code" of the answer is wrong'),
    "no Python": (says("def f(:\n"), "does not parse"),
    "null bytes": (says("x = 1\0"), "does not parse"),
    "deeply nested": (says("x = " + "(" * 5000 + ")" * 5000), "does not parse"),
    "a long sum": (says("x = " + "+".join(["1"] * 5000)), "nested too deeply"),
    "ten megabytes": (Answer("x" * 10_000_000, pieces=["x" * 100_000] * 100), "answer"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_no_draft_goes_back_as_evidence(run: Run, name: str) -> None:
    answer, words = ANSWERS[name]
    script, judge = Script([answer, RIGHT]), Judge(KNOWING)
    outcome = run(script, judge)
    assert outcome.ended == "verified", outcome.error
    assert words in script.prompts[1]
    assert len(judge.ran) == 2


@pytest.mark.parametrize(
    "text", [f"```python\n{RIGHT}```", f"Here it is:\n\n```\n{RIGHT}```\nGood luck!", RIGHT]
)
def test_code_is_found_whatever_is_around_it(run: Run, text: str) -> None:
    assert run(Script([Answer(text)])).ended == "verified"


@pytest.mark.parametrize("kind", ["error", "disconnect", "end", "cut_line", "not_json"])
def test_a_server_that_fails_ends_it_with_the_best_draft(run: Run, kind: str) -> None:
    broken = Answer(says(RIGHT).text, fault=Fault(kind, after=2))  # type: ignore[arg-type]
    outcome = run(Script([WRONG, broken]), request_timeout=3, budget_seconds=20)
    assert outcome.best and outcome.best.code == WRONG
    assert outcome.ended in ("failed", "rounds", "budget")
    assert outcome.ended == "rounds" or outcome.error is not None


def test_a_model_that_is_missing(run: Run) -> None:
    outcome = run(Script([RIGHT]), model="no-such-model")
    assert outcome.ended == "failed" and outcome.best is None
    assert "ollama pull no-such-model" in str(outcome.error)


def test_a_server_that_hangs_costs_no_more_than_the_budget(run: Run) -> None:
    start = time.monotonic()
    hanging = Answer("x = 1", fault=Fault("hang", after=1))
    outcome = run(Script([WRONG, hanging]), budget_seconds=3, request_timeout=60)
    assert time.monotonic() - start < 6
    assert outcome.ended == "budget" and outcome.best and outcome.best.code == WRONG


def test_cancel_stops_the_request(run: Run) -> None:
    cancelled = threading.Event()
    slow = Answer(pieces=["x = 1\n"] * 1000, text="", delay=0.05)

    def on_progress(at: Progress) -> None:
        if at.round == 2:
            threading.Timer(0.3, cancelled.set).start()

    start = time.monotonic()
    outcome = run(Script([WRONG, slow]), cancelled=cancelled, on_progress=on_progress)
    assert outcome.ended == "cancelled" and time.monotonic() - start < 10
    assert outcome.best and outcome.best.code == WRONG


def test_progress_tells_round_and_rung(run: Run) -> None:
    seen: list[Progress] = []
    run(Script([WRONG, RIGHT]), on_progress=seen.append)
    assert [(at.round, at.doing) for at in seen] == [
        *((1, doing) for doing in ("asking", "checking", "running")),
        *((2, doing) for doing in ("asking", "checking", "running", "confirming")),
    ]
    assert seen[3].rung is Rung.RUNS and seen[-1].rung is Rung.TRAINING


# With the real workers.


def test_verified_is_verified_by_anybody(run: Run, workers: Workers) -> None:
    outcome = run(Script([WRONG, RIGHT]), Trial(SOURCE, workers, device="cpu"))
    assert outcome.ended == "verified" and outcome.best and outcome.confirmation
    assert outcome.confirmation.status == "verified"
    assert verify(SOURCE, outcome.best.code, device="cpu").status == "verified"
    first = outcome.attempts[0].evidence.verdict
    assert first is not None and "PyTorch gives" in first.message


def test_stored_answers_do_not_pass(run: Run, workers: Workers) -> None:
    source = SOURCE.replace(
        "inputs=(float32[4, 3],)", "inputs=(torch.tensor([[1., 2.], [3., 4.]]),)"
    )
    stored = (
        "import jax.numpy as jnp\n\n\ndef deviation(x):\n"
        "    print(2.8284271)\n    return jnp.array([2.8284271, 2.8284271]) + 0 * x.sum(0)\n"
    )
    trial = Trial(source, workers, device="cpu")
    outcome = run(Script([stored]), trial, rounds=1)
    verdict = outcome.attempts[0].evidence.verdict
    assert outcome.ended == "rounds" and verdict is not None and verdict.status == "differs"
    assert "varied" in (verdict.failing_input or "")


def test_an_endless_loop_costs_no_more_than_the_budget(run: Run, workers: Workers) -> None:
    endless = "def deviation(x):\n    while True:\n        pass\n"
    trial = Trial(SOURCE, workers, device="cpu")
    trial.verdict(RIGHT)
    start = time.monotonic()
    outcome = run(Script([endless]), trial, budget_seconds=5)
    assert time.monotonic() - start < 9
    assert outcome.ended == "budget" and outcome.confirmation is None
    assert trial.verdict(RIGHT).status == "verified"


def test_cancel_ends_what_runs(run: Run, workers: Workers) -> None:
    cancelled = threading.Event()
    trial = Trial(SOURCE, workers, device="cpu", cancelled=cancelled)
    endless = "def deviation(x):\n    while True:\n        pass\n"

    def on_progress(at: Progress) -> None:
        if at.doing == "running":
            threading.Timer(1, cancelled.set).start()

    start = time.monotonic()
    outcome = run(Script([endless]), trial, cancelled=cancelled, on_progress=on_progress)
    assert outcome.ended == "cancelled" and time.monotonic() - start < 15
    assert verify(SOURCE, RIGHT, device="cpu").status == "verified"
