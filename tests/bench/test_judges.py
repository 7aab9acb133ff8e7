"""Judges: what they are shown, and that nothing is read into their answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.bench.records import sample, version
from tojax.bench.judges import FIX_KINDS, judge, read_answer, schema_of
from tojax.bench.records import Metric
from tojax.model.errors import BadAnswer, ModelError, Unreachable
from tojax.model.messages import Message, Reply

SOURCE = "import torch\n\n\ndef f(x):\n    return x.t()\n"
ONE = sample("one", "retrieved", 1, version(True, code="a = 1\n"), version(True))
OTHER = sample("one", "baseline", 1, version(False, code="b = 2\n"), version(True))


@dataclass
class Judge:
    """Answers with a text, or fails."""

    answer: str | ModelError
    prompts: list[str] = field(default_factory=list)

    def chat(self, messages: Sequence[Message], **how: Any) -> Reply:
        self.prompts.append(messages[-1].content)
        assert how["num_ctx"] <= self.context_length() and how["temperature"] == 0
        if isinstance(self.answer, ModelError):
            raise self.answer
        return Reply(self.answer, 1, 1, 0.1, False, "j", "h")

    def context_length(self) -> int:
        return 8192


@pytest.mark.parametrize(
    ("metric", "answer", "value"),
    [
        ("codetrans", '{"score": 3, "reason": "r"}', 3),
        ("codetrans", ' {"score": 0, "reason": ""}\n', 0),
        ("fixcost", '{"fixes": []}', ()),
        (
            "fixcost",
            '{"fixes": [{"kind": "shape", "description": "d"}, '
            '{"kind": "api", "description": ""}]}',
            ("shape", "api"),
        ),
        ("comparison", '{"winner": "1", "reason": ""}', 1),
        ("comparison", '{"winner": "2", "reason": ""}', 2),
        ("comparison", '{"winner": "tie", "reason": ""}', 0),
    ],
)
def test_answers(metric: Metric, answer: str, value: object) -> None:
    assert read_answer(metric, answer) == value
    found = judge(metric, SOURCE, ONE, Judge(answer), "j", other=OTHER)
    assert (found.value, found.answer, found.problem) == (value, answer, "")


@pytest.mark.parametrize(
    ("metric", "answer"),
    [
        ("codetrans", "4"),
        ("codetrans", "I would say 4."),
        ("codetrans", '{"score": 5, "reason": ""}'),
        ("codetrans", '{"score": "4", "reason": ""}'),
        ("codetrans", '{"score": 3.5, "reason": ""}'),
        ("codetrans", '{"score": true, "reason": ""}'),
        ("codetrans", '{"reason": ""}'),
        ("fixcost", '{"fixes": 2}'),
        ("fixcost", '{"fixes": [{"kind": "magic", "description": ""}]}'),
        ("fixcost", ""),
        ("comparison", '{"winner": 1, "reason": ""}'),
        ("comparison", '{"winner": "both", "reason": ""}'),
        ("comparison", '{"winner": "1", "reason": ""'),
    ],
)
def test_what_cannot_be_read_is_never_guessed(metric: Metric, answer: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_answer(metric, answer)
    found = judge(metric, SOURCE, ONE, Judge(answer), "j")
    assert (found.value, found.answer) == (None, answer)
    assert found.problem


def test_both_orders_are_shown() -> None:
    asked = Judge('{"winner": "1", "reason": ""}')
    plain = judge("comparison", SOURCE, ONE, asked, "j", other=OTHER)
    swapped = judge("comparison", SOURCE, ONE, asked, "j", other=OTHER, swapped=True)
    assert [prompt.index("a = 1") < prompt.index("b = 2") for prompt in asked.prompts] == [
        True,
        False,
    ]
    assert (plain.swapped, swapped.swapped) == (False, True)
    assert {plain.against, swapped.against} == {"baseline"}
    assert plain.key != swapped.key


def test_a_judge_knows_neither_arm_nor_model_nor_verdict() -> None:
    asked = Judge("")
    for metric in ("codetrans", "fixcost", "comparison"):
        judge(metric, SOURCE, ONE, asked, "j", other=OTHER)
    for prompt in asked.prompts:
        assert SOURCE.strip() in prompt
        for hint in ("retrieved", "baseline", "verified", "differs", "runs"):
            assert hint not in prompt


def test_no_answer_is_recorded_and_no_server_is_an_error() -> None:
    found = judge("codetrans", SOURCE, ONE, Judge(BadAnswer("nothing")), "j")
    assert (found.value, found.problem) == (None, "nothing")
    with pytest.raises(Unreachable):
        judge("codetrans", SOURCE, ONE, Judge(Unreachable("gone")), "j")


def test_a_case_that_is_too_long_for_the_judge_is_not_cut() -> None:
    from tojax.model.ollama import Client
    from tojax.model.settings import ModelSettings

    client = Client(ModelSettings(host="http://127.0.0.1:9"))
    client.context_length = lambda model=None: 8192  # type: ignore[method-assign]
    found = judge("codetrans", SOURCE * 2000, ONE, client, "j")
    assert found.value is None
    assert "do not fit" in found.problem


def test_the_kinds_of_fixes_are_those_of_the_schema() -> None:
    schema = json.dumps(schema_of("fixcost"))
    assert all(f'"{kind}"' in schema for kind in FIX_KINDS)
