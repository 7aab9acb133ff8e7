"""Translating with a model, over a real socket, and nothing changes where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.model.ollama_double import Answer, ChatRequest, OllamaDouble
from tojax.model.engine import translate_with_model
from tojax.model.errors import ModelError
from tojax.model.settings import ModelSettings
from tojax.nouns import Rung, Translation
from tojax.translate import translate
from tojax.verify import verify

OPEN = """\
import torch


# tojax: inputs=(float32[4, 3],)
def scaled(x):
    return x * torch.tensor(2.0)


# tojax: inputs=(float32[4, 3],)
def fitted(x):
    return torch.testing.make_tensor((), dtype=x.dtype, device="cpu", low=2, high=2.0001) * 0 + x
"""
RIGHT = """\
import jax.numpy as jnp


def scaled(x):
    return x * 3


def fitted(x):
    return jnp.asarray(x)
"""
Ask = Callable[..., Translation]


def answer(code: str, **more: Sequence[str]) -> str:
    return json.dumps({"code": code, "assumptions": [], "unresolved": [], **more})


@pytest.fixture
def script() -> list[str]:
    """The answers, in order; the last one is repeated."""
    return []


@pytest.fixture
def double(script: list[str]) -> Iterator[OllamaDouble]:
    def reply(request: ChatRequest) -> Answer:
        text = script[min(request.number, len(script) - 1)]
        return Answer(text, pieces=[text])

    with OllamaDouble(reply) as server:
        yield server


@pytest.fixture
def ask(double: OllamaDouble) -> Ask:
    def run(source: str, engine: str = "auto", **settings: object) -> Translation:
        settings = {"host": double.url, "rounds": 2} | settings
        made = translate_with_model(
            source, engine=engine, settings=ModelSettings(**settings), device="cpu"
        )
        if made.verdict is not None and made.verdict.status == "verified":
            plain = [text.lstrip("\ufeff") for text in (source, made.code)]
            assert verify(*plain, device="cpu").status == "verified", "an overstatement"
        return made

    return run


def test_the_model_completes_what_the_rules_left_open(ask: Ask, script: list[str]) -> None:
    script.append(answer(RIGHT))
    made = ask(OPEN)
    assert made.verdict is not None and made.verdict.status == "verified"
    assert made.complete and made.note == "verified after 1 draft"
    assert "torch" not in made.code.replace("# tojax", "") and "x * jnp.array(2.0)" in made.code
    lines = made.code.splitlines()
    by_model = [line for o in made.origins if o.by == "model" for line in lines[o.start : o.end]]
    assert by_model == ["    return jnp.asarray(x)"]
    assert verify(OPEN, made.code, device="cpu").status == "verified"


def test_a_version_that_is_no_better_is_not_taken(ask: Ask, script: list[str]) -> None:
    script.append(answer(RIGHT.replace("jnp.asarray(x)", "x + 1")))
    made = ask(OPEN)
    rules = translate(OPEN)
    assert made.code == rules.code and made.unresolved == rules.unresolved
    assert made.note.startswith("the model's version is not taken: 2 drafts")
    assert "PyTorch gives" in made.note
    assert made.verdict is not None and made.verdict.status != "verified"
    assert {origin.by for origin in made.origins} == {"rules"}


def test_the_model_is_not_asked_where_nothing_is_open(ask: Ask, double: OllamaDouble) -> None:
    source = "import torch\n\n\ndef f(x):\n    return torch.relu(x)\n"
    assert ask(source) == translate(source)
    assert ask("x = 1\n", "model") == translate("x = 1\n")
    assert double.requests == []


def test_the_model_is_not_asked_where_nothing_can_be_run(ask: Ask, double: OllamaDouble) -> None:
    source = OPEN.replace("# tojax: ", "# ")
    made = ask(source)
    assert made.code == translate(source).code and "get_inputs()" in made.note
    assert double.requests == []
    failing = OPEN.replace("x * torch", "x.no_such_method() * torch")
    made = ask(failing.replace("# tojax: inputs=(float32[4, 3],)\ndef fitted", "def fitted"))
    assert "no_such_method" in made.note and not double.chats


def test_the_model_is_not_asked_where_the_inputs_do_not_reach(
    ask: Ask, double: OllamaDouble
) -> None:
    source = (
        "import torch\n\n\n# tojax: inputs=(float32[4],)\ndef f(x, flag=False):\n"
        "    if flag:\n        from torch import no_such_function\n"
        "        return no_such_function(x)\n    return torch.relu(x)\n"
    )
    made = ask(source)
    assert "do not reach" in made.note and made.unresolved and not double.chats
    assert made.verdict is not None and made.verdict.status == "verified"


def test_the_model_writes_a_whole_file(ask: Ask, script: list[str]) -> None:
    script.append(answer(RIGHT))
    script.append(answer(RIGHT.replace("x * 3", "x * 2"), unresolved=["the name"]))
    made = ask(OPEN, "model")
    assert made.verdict is not None and made.verdict.status == "verified"
    assert made.code == RIGHT.replace("x * 3", "x * 2")
    assert [item.reason for item in made.unresolved] == ["the name"]


def test_what_does_not_agree_is_never_called_verified(ask: Ask, script: list[str]) -> None:
    script.append(answer(RIGHT))
    made = ask(OPEN, "model")
    assert made.code == RIGHT
    assert made.verdict is not None and made.verdict.status == "differs"
    assert verify(OPEN, made.code, device="cpu").status == "differs"
    (unresolved,) = made.unresolved
    assert unresolved.code == "TJ206" and "not verified" in unresolved.reason


def test_without_inputs_the_first_draft_is_the_result(
    ask: Ask, script: list[str], double: OllamaDouble
) -> None:
    script.append(answer("import os\n"))
    script.append(answer(RIGHT))
    made = ask(OPEN.replace("# tojax: ", "# "), "model", rounds=5)
    assert made.code == RIGHT and made.verdict is None
    assert "could not be run" in made.unresolved[0].reason
    assert len(double.chats) == 2


@pytest.mark.parametrize("engine", ["auto", "model"])
def test_line_ends_and_mark_stay(ask: Ask, script: list[str], engine: str) -> None:
    script.append(answer(RIGHT.replace("x * 3", "x * 2")))
    made = ask("\ufeff" + OPEN.replace("\n", "\r\n"), engine)
    assert made.code.startswith("\ufeff") and made.code.count("\ufeff") == 1
    assert made.code.count("\r\n") == made.code.count("\n") > 5
    assert made.verdict is not None and made.verdict.status == "verified"


def test_without_a_server_the_rules_are_the_result() -> None:
    settings = ModelSettings(host="http://127.0.0.1:9", request_timeout=2, budget_seconds=10)
    rules = translate(OPEN)
    made = translate_with_model(OPEN, engine="auto", settings=settings)
    assert made.code == rules.code and made.unresolved == rules.unresolved
    assert "ollama serve" in made.note
    with pytest.raises(ModelError, match="ollama serve"):
        translate_with_model(OPEN, engine="model", settings=settings)


def test_no_draft_that_may_be_run_is_an_error(ask: Ask, script: list[str]) -> None:
    script.append("I would rather not.")
    with pytest.raises(ModelError, match="no draft that may be run"):
        ask(OPEN, "model")
    made = ask(OPEN, "auto")
    assert made.code == translate(OPEN).code and made.verdict is not None
    assert made.verdict.rung.height < Rung.OUTPUTS.height


def test_an_engine_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="rules, model or auto"):
        translate(OPEN, engine="magic")  # type: ignore[arg-type]
