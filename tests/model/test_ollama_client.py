"""What the client gets from a server: from the double, and from a real Ollama if one is there.

Set OLLAMA_HOST to run the same tests against that server, with the smallest model that it has.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.model.ollama_double import Answer, ChatRequest, Model, OllamaDouble
from tests.model.ollama_double.answers import echo
from tojax.model.errors import Cancelled, ModelError, ModelMissing
from tojax.model.ollama import Client, Message
from tojax.model.settings import ModelSettings

REAL_HOST = os.environ.get("OLLAMA_HOST", "")
LONG = " ".join(str(number) for number in range(400))


def reachable(host: str) -> bool:
    try:
        Client(ModelSettings(host=host, allow_remote=True)).models()
    except ModelError:
        return False
    return True


SERVERS = ["double", *(["real"] if REAL_HOST and reachable(REAL_HOST) else [])]


@dataclass
class Server:
    """A server to talk to; ``double`` is None for a real one."""

    settings: ModelSettings
    double: OllamaDouble | None

    @property
    def client(self) -> Client:
        return Client(self.settings)


def slowly(request: ChatRequest) -> Answer:
    """As a model on a slow machine."""
    answer = echo(request)
    return Answer(answer.text, delay=0.02)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "double":
        with OllamaDouble(slowly) as double:
            yield Server(ModelSettings(host=double.url, temperature=0), double)
        return
    settings = ModelSettings(host=REAL_HOST, allow_remote=True, temperature=0)
    models = Client(settings).models()
    assert models, "pull a small model first, such as qwen2.5-coder:0.5b"
    smallest = min(models, key=lambda model: model.size).name
    yield Server(settings.model_copy(update={"model": smallest}), None)


def user(text: str) -> list[Message]:
    return [Message("system", "Repeat what the user says."), Message("user", text)]


def test_an_answer_comes_in_pieces(server: Server) -> None:
    pieces: list[str] = []
    reply = server.client.chat(user("tea and cake"), num_ctx=2048, on_text=pieces.append)
    assert len(pieces) > 1
    assert reply.text == "".join(pieces)
    assert reply.prompt_tokens >= 6
    assert reply.output_tokens >= len(pieces) - 1
    assert reply.seconds > 0
    assert not reply.truncated
    assert reply.model == server.settings.model
    assert (reply.host,) == server.settings.hosts


def test_a_schema_shapes_the_answer(server: Server) -> None:
    schema = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "lines": {"type": "integer"}},
        "required": ["code", "lines"],
    }
    answer = json.loads(server.client.chat(user("x = 1"), schema=schema, num_ctx=2048).text)
    assert isinstance(answer["code"], str)
    assert isinstance(answer["lines"], int)


def test_a_limited_answer_says_so(server: Server) -> None:
    reply = server.client.chat(user("one two three four"), num_ctx=2048, num_predict=2)
    assert reply.truncated
    assert reply.output_tokens == 2


def test_a_seed_repeats_an_answer(server: Server) -> None:
    first, second = (
        server.client.chat(user("a word"), num_ctx=2048, num_predict=8, seed=7).text
        for _ in range(2)
    )
    assert first == second


def test_cancelling_ends_the_request_at_once(server: Server) -> None:
    cancelled = threading.Event()
    seen: list[str] = []

    def on_text(text: str) -> None:
        seen.append(text)
        cancelled.set()

    start = time.monotonic()
    with pytest.raises(Cancelled):
        server.client.chat(user(LONG), num_ctx=4096, on_text=on_text, cancelled=cancelled)
    if server.double is not None:
        assert time.monotonic() - start < 1
        assert server.double.chats[0].disconnected.wait(1)
        assert len(seen) < 10


def test_a_request_that_was_cancelled_before_is_not_sent(server: Server) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(Cancelled):
        server.client.chat(user("hello"), num_ctx=2048, cancelled=cancelled)
    assert server.double is None or not server.double.requests


def test_models_are_listed(server: Server) -> None:
    model = {model.name: model for model in server.client.models()}[server.settings.model]
    assert model.size > 0
    assert model.parameters.endswith(("B", "M"))
    assert (model.host,) == server.settings.hosts


def test_the_context_of_a_model_is_known(server: Server) -> None:
    assert server.client.context_length() >= 2048
    assert server.client.context_length(server.settings.model) == server.client.context_length()


def test_a_missing_model_says_how_to_get_it(server: Server) -> None:
    settings = server.settings.model_copy(update={"model": "no-such-model:1b"})
    for ask in (
        lambda: Client(settings).chat(user("hello"), num_ctx=2048),
        lambda: Client(settings).context_length(),
    ):
        with pytest.raises(ModelMissing, match="no-such-model:1b") as caught:
            ask()
        assert caught.value.hint.endswith("ollama pull no-such-model:1b")


def test_everything_that_was_asked_for_reaches_the_server() -> None:
    with OllamaDouble() as double:
        client = Client(ModelSettings(host=double.url, keep_alive="3m"))
        schema = {"type": "object", "properties": {}}
        client.chat(user("hello"), num_ctx=2048, num_predict=9, seed=3, schema=schema)
        client.chat(user("hello"), num_ctx=2048, temperature=0)
    first, second = (chat.body for chat in double.chats)
    assert first["options"] == {"num_ctx": 2048, "num_predict": 9, "seed": 3, "temperature": 0.2}
    assert first["format"] == schema
    assert first["keep_alive"] == "3m"
    assert first["stream"] is True
    assert first["messages"] == [
        {"role": "system", "content": "Repeat what the user says."},
        {"role": "user", "content": "hello"},
    ]
    assert second["options"]["temperature"] == 0
    assert "format" not in second


def test_the_longest_answer_is_what_the_context_leaves() -> None:
    with OllamaDouble() as double:
        Client(ModelSettings(host=double.url)).chat(user("hello " * 500), num_ctx=2048)
    left = double.chats[0].options["num_predict"]
    assert 0 < left < 2048 - 500


def test_thoughts_are_no_text() -> None:
    def script(request: ChatRequest) -> Answer:
        return Answer("x = 1", thinking="Let me see.")

    with OllamaDouble(script, models=[Model("qwen3:8b", thinking=True)]) as double:
        reply = Client(ModelSettings(host=double.url, model="qwen3:8b")).chat(
            user("hello"), num_ctx=2048
        )
    assert reply.text == "x = 1"
    assert reply.output_tokens == 7


def test_a_model_is_pulled_with_progress() -> None:
    new = Model("starcoder2:3b", size=1000)
    with OllamaDouble(registry=[new]) as double:
        client = Client(ModelSettings(host=double.url, model=new.name))
        with pytest.raises(ModelMissing):
            client.chat(user("hello"), num_ctx=2048)
        progress: list[tuple[int, int]] = []
        client.pull(new.name, lambda p: progress.append((p.completed, p.total)))
        assert progress == sorted(progress[:-3]) + [(0, 0)] * 3
        assert progress[-4] == (1000, 1000)
        assert client.chat(user("hello"), num_ctx=2048).text == "hello"


def test_what_shows_the_text_may_fail() -> None:
    class ShownNoMoreError(Exception):
        pass

    def on_text(text: str) -> None:
        raise ShownNoMoreError

    with OllamaDouble(slowly) as double:
        client = Client(ModelSettings(host=double.url))
        with pytest.raises(ShownNoMoreError):
            client.chat(user(LONG), num_ctx=4096, on_text=on_text)
        assert double.chats[0].disconnected.wait(1)


def test_requests_run_side_by_side() -> None:
    together = threading.Barrier(3, timeout=5)

    def script(request: ChatRequest) -> Answer:
        together.wait()
        return echo(request)

    with OllamaDouble(script) as double:
        client = Client(ModelSettings(host=double.url))
        texts: list[str] = []
        threads = [
            threading.Thread(
                target=lambda n=number: texts.append(
                    client.chat(user(f"request {n}"), num_ctx=2048).text
                )
            )
            for number in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(texts) == ["request 0", "request 1", "request 2"]
