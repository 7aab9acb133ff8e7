"""Several hosts and models, retries, and that nothing leaves for a host that was not named."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model.ollama_double import Answer, ChatRequest, Fault, Model, OllamaDouble
from tojax.model import failover
from tojax.model.errors import ModelError, ModelMissing, ServerFailed, TimedOut, Unreachable
from tojax.model.ollama import Client, Message, Reply
from tojax.model.settings import ModelSettings, read_model_settings

HELLO = [Message("user", "hello")]


def ask(*hosts: str, **settings: object) -> Reply:
    client = Client(ModelSettings.model_validate({"host": hosts, "request_timeout": 1, **settings}))
    return client.chat(HELLO, num_ctx=2048)


@pytest.fixture
def closed() -> str:
    """A host at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def good() -> Iterator[OllamaDouble]:
    with OllamaDouble() as double:
        yield double


def answering(answer: Answer) -> OllamaDouble:
    return OllamaDouble(lambda request: answer)


def test_a_host_that_is_down_is_passed_at_once(closed: str, good: OllamaDouble) -> None:
    start = time.monotonic()
    assert ask(closed, good.url).host == good.url
    assert time.monotonic() - start < failover.PAUSES[0] + 0.5


def test_the_first_host_is_preferred(good: OllamaDouble) -> None:
    with OllamaDouble() as second:
        assert ask(good.url, second.url).host == good.url
        assert not second.requests


def test_a_host_without_the_model_is_passed(good: OllamaDouble) -> None:
    with OllamaDouble(models=[]) as empty:
        assert ask(empty.url, good.url).host == good.url
        assert len(empty.chats) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500, error="crashed"),
        Answer("a b c", fault=Fault("disconnect")),
        Answer("a b c", fault=Fault("hang")),
    ],
)
def test_a_host_that_fails_before_the_first_token_is_passed(
    answer: Answer, good: OllamaDouble
) -> None:
    with answering(answer) as bad:
        assert ask(bad.url, good.url).host == good.url


@pytest.mark.parametrize("kind", ["error", "disconnect", "hang", "end", "cut_line"])
def test_an_answer_that_has_begun_is_not_asked_for_again(kind: str, good: OllamaDouble) -> None:
    with answering(Answer("a b c", fault=Fault(kind, 1))) as bad:  # type: ignore[arg-type]
        with pytest.raises(ModelError):
            ask(bad.url, good.url)
        assert len(bad.chats) == 1
    assert not good.chats


def test_a_busy_server_is_asked_again_after_growing_pauses() -> None:
    times: list[float] = []

    def script(request: ChatRequest) -> Answer:
        times.append(time.monotonic())
        return Answer("x = 1") if request.number == 2 else Answer(status=503, error="busy")

    with OllamaDouble(script) as double:
        assert ask(double.url).text == "x = 1"
    assert len(times) == 3
    assert times[1] - times[0] >= failover.PAUSES[0]
    assert times[2] - times[1] >= failover.PAUSES[1] > failover.PAUSES[0]


def test_a_server_that_comes_back_is_asked_again(closed: str) -> None:
    port = int(closed.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        timer = threading.Timer(
            failover.PAUSES[0] / 2, lambda: stack.enter_context(OllamaDouble(port=port))
        )
        timer.start()
        assert ask(closed).text == "hello"
        timer.join()


def test_the_most_telling_error_is_reported(closed: str) -> None:
    with OllamaDouble(models=[]) as empty, answering(Answer(status=400, error="odd")) as bad:
        with pytest.raises(ModelMissing):
            ask(closed, empty.url)
        with pytest.raises(ServerFailed, match="odd"):
            ask(closed, empty.url, bad.url)
        with pytest.raises(Unreachable):
            ask(closed)


def test_an_alternative_answers_only_where_the_model_is_missing(good: OllamaDouble) -> None:
    other = "codellama:7b"
    assert ask(good.url, alternatives=(other,)).model == "qwen2.5-coder:7b"
    reply = ask(good.url, model="missing:1b", alternatives=("gone:1b", other))
    assert reply.model == other
    with answering(Answer(status=400, error="odd")) as bad, pytest.raises(ServerFailed):
        ask(bad.url, alternatives=(other,))
    with pytest.raises(ModelMissing, match="missing:1b"):
        ask(good.url, model="missing:1b", alternatives=("gone:1b",))


def test_the_context_is_that_of_the_model_that_would_answer(good: OllamaDouble) -> None:
    settings = ModelSettings(host=good.url, model="missing:1b", alternatives=("codellama:7b",))
    client = Client(settings)
    assert client.context_length() == 16384
    assert client.context_length() == 16384
    assert [r.body["model"] for r in good.requests] == ["missing:1b", "codellama:7b"]


def test_the_models_of_all_hosts_that_answer_are_listed(closed: str, good: OllamaDouble) -> None:
    with OllamaDouble(models=[Model("other:1b")]) as second:
        settings = ModelSettings(host=(closed, good.url, second.url))
        found = {(model.name, model.host) for model in Client(settings).models()}
    assert ("other:1b", second.url) in found
    assert ("qwen2.5-coder:7b", good.url) in found


def test_proxies_of_the_environment_are_not_used(
    good: OllamaDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OllamaDouble() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert ask(good.url).host == good.url
        assert not proxy.requests


def test_redirects_are_not_followed(good: OllamaDouble) -> None:
    class Redirecting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(307)
            self.send_header("Location", f"{good.url}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    host = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with pytest.raises(Unreachable, match="not as Ollama does"):
            ask(host)
        with pytest.raises(Unreachable):
            Client(ModelSettings(host=host)).models()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert not good.requests


def test_a_remote_host_has_to_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "gpu.example:11434")
    with pytest.raises(Unreachable, match=r"gpu\.example.* not this machine") as caught:
        Client(read_model_settings(tmp_path))
    assert "host in [tool.tojax.model]" in caught.value.hint
    assert Client(read_model_settings(tmp_path, {"host": "gpu.example:11434"}))
    (tmp_path / "pyproject.toml").write_text('[tool.tojax.model]\nhost = "gpu.example"\n')
    assert Client(read_model_settings(tmp_path)).settings.hosts == ("http://gpu.example:11434",)


def test_a_host_that_hangs_does_not_hold_up_the_deadline(good: OllamaDouble) -> None:
    with answering(Answer("a", fault=Fault("hang"))) as hanging:
        client = Client(ModelSettings(host=(hanging.url, good.url)))
        start = time.monotonic()
        with pytest.raises(TimedOut):
            client.chat(HELLO, num_ctx=2048, deadline=start + 0.4)
        assert time.monotonic() - start < 1.4
        assert hanging.chats[0].disconnected.wait(1)
