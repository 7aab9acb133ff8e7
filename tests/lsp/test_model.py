"""A model in the editor: drafts that were run, cancelled requests, and clear words without one."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.session import NET, Session, session
from tests.model.ollama_double import Answer, ChatRequest, OllamaDouble
from tojax.translate import translate

pytestmark = pytest.mark.asyncio

RIGHT = translate(NET).code
WRONG = RIGHT.replace("axis=1", "axis=0")


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    """Answers wrongly until it is told of a difference."""

    def reply(request: ChatRequest) -> Answer:
        told = "Your last JAX file" in str(request.messages)
        code = RIGHT if told else WRONG
        return Answer(json.dumps({"code": code, "assumptions": [], "unresolved": []}))

    with OllamaDouble(reply) as double:
        yield double


def _settings(double: OllamaDouble) -> dict[str, Any]:
    return {"model": {"host": double.url}, "verify": {"automatic": False, "device": "cpu"}}


def _messages(one: Session) -> list[str]:
    reports = [r for reports in one.client.progress_reports.values() for r in reports]
    return [r.message or "" for r in reports if isinstance(r, types.WorkDoneProgressReport)]


@pytest.mark.slow
async def test_a_draft_is_repaired_until_it_is_verified(
    tmp_path: Path, double: OllamaDouble
) -> None:
    async with session(tmp_path, settings=_settings(double)) as one:
        uri = one.open("net.py", NET)
        actions = await one.actions(uri, 11, 9)
        titles = list(actions)
        assert titles[-1] == "Translate file to JAX with the model"
        assert not actions[titles[-1]].is_preferred
        made = await one.command("tojax.draft", uri=uri)
        assert made["verdict"]["status"] == "verified"
        assert one.text(made["target"]) == RIGHT
        assert len(double.chats) == 2
        assert any("round 2 of" in message for message in _messages(one))


@pytest.mark.slow
async def test_a_wrong_version_is_repaired(tmp_path: Path, double: OllamaDouble) -> None:
    (tmp_path / "net_jax.py").write_text(WRONG, encoding="utf-8")
    async with session(tmp_path, settings=_settings(double)) as one:
        uri = one.open("net.py", NET)
        target = one.open("net_jax.py", WRONG)
        assert "Repair JAX version with the model" in await one.actions(uri, 11, 9)
        made = await one.command("tojax.draft", uri=uri, repair=True, preview=True)
        assert made["text"] == RIGHT and made["verdict"]["status"] == "verified"
        assert one.text(target) == WRONG and one.applied == []  # the client shows it first
        assert "axis=0" in str(double.chats[0].messages)


async def test_a_cancel_reaches_the_server(tmp_path: Path) -> None:
    slow = Answer("x" * 200, pieces=["x"] * 200, delay=0.2)
    with OllamaDouble(lambda request: slow) as double:
        async with session(tmp_path, settings=_settings(double)) as one:
            uri = one.open("net.py", NET)
            params = types.ExecuteCommandParams("tojax.draft", [{"uri": uri}])
            task = asyncio.ensure_future(
                one.client.protocol.send_request_async(
                    types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="mine"
                )
            )
            (chat,) = await one.until(lambda: double.chats)
            await one.until(lambda: any("characters" in m for m in _messages(one)))
            one.client.cancel_request(types.CancelParams("mine"))
            with pytest.raises(JsonRpcException, match="cancel"):
                await task
            await one.until(chat.disconnected.is_set, 5)
            assert not (tmp_path / "net_jax.py").exists() and one.applied == []


async def test_without_a_server_the_message_says_what_to_do(tmp_path: Path) -> None:
    settings = {"model": {"host": "http://127.0.0.1:9"}}
    async with session(tmp_path, settings=settings) as one:
        uri = one.open("net.py", NET)
        with pytest.raises(JsonRpcException, match="ollama serve") as raised:
            await one.command("tojax.draft", uri=uri)
        assert "internal" not in raised.value.message
        assert "Translate to JAX" in await one.actions(uri, 11, 9)
        found = await one.command("tojax.model", uri=uri)
        assert found["hosts"] == ["http://127.0.0.1:9"] and found["models"]


async def test_a_missing_model_is_told_with_its_command(tmp_path: Path) -> None:
    with OllamaDouble(models=[]) as double:
        async with session(tmp_path, settings=_settings(double)) as one:
            uri = one.open("net.py", NET)
            with pytest.raises(JsonRpcException, match="ollama pull"):
                await one.command("tojax.draft", uri=uri)


@pytest.mark.slow
async def test_a_text_that_changed_meanwhile_is_not_written_over(
    tmp_path: Path, double: OllamaDouble
) -> None:
    answer, changed = double.script, threading.Event()

    def reply(request: ChatRequest) -> Answer:
        changed.wait()
        return answer(request)

    double.script = reply
    async with session(tmp_path, settings=_settings(double)) as one:
        uri = one.open("net.py", NET)
        task = asyncio.ensure_future(one.command("tojax.draft", uri=uri))
        await one.until(lambda: double.chats)
        one.change(uri, 2, NET + "\n")
        changed.set()
        with pytest.raises(JsonRpcException, match="has changed"):
            await task
        assert one.applied == []


async def test_the_prompt_is_shown_and_nobody_is_asked(
    tmp_path: Path, double: OllamaDouble
) -> None:
    async with session(tmp_path, settings=_settings(double)) as one:
        uri = one.open("net.py", NET)
        shown = await one.command("tojax.prompt", uri=uri)
        assert "class Net(nn.Module)" in shown["text"]
        assert double.chats == []


async def test_without_trust_no_model_is_asked(tmp_path: Path, double: OllamaDouble) -> None:
    options = {"trusted": False}
    async with session(tmp_path, settings=_settings(double), options=options) as one:
        uri = one.open("net.py", NET)
        assert not [title for title in await one.actions(uri, 11, 9) if "model" in title]
        with pytest.raises(JsonRpcException, match="not trusted"):
            await one.command("tojax.draft", uri=uri)
        assert double.requests == []
