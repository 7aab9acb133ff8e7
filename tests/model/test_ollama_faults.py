"""Whatever a server does wrong ends as one `ModelError` with a hint, in bounded time."""

from __future__ import annotations

import http.server
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.model.ollama_double import Answer, ChatRequest, Fault, Model, OllamaDouble
from tests.process import environment
from tojax.model import failover
from tojax.model.errors import (
    BadAnswer,
    ModelError,
    ModelMissing,
    PromptTooLong,
    ServerFailed,
    TimedOut,
    Unreachable,
)
from tojax.model.ollama import Client, Message, Reply
from tojax.model.settings import ModelSettings

HELLO = [Message("user", "hello")]
TRIES = 1 + len(failover.PAUSES)
SECONDS = 2
"""More than any of these may take."""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failover, "PAUSES", (0.01,) * len(failover.PAUSES))


@dataclass(frozen=True)
class Case:
    """What the server does, and what the client says."""

    answer: Answer
    error: type[ModelError]
    message: str
    hint: str
    requests: int = 1


def fault(kind: str, after: int) -> Answer:
    return Answer("one two three", fault=Fault(kind, after))  # type: ignore[arg-type]


CASES = {
    "error before the answer": Case(
        fault("error", 0), ServerFailed, "error was encountered", "ollama serve", TRIES
    ),
    "error in mid-stream": Case(
        fault("error", 1), ServerFailed, "error was encountered", "ollama serve"
    ),
    "gone before the answer": Case(
        fault("disconnect", 0), ServerFailed, "closed the connection", "ollama serve", TRIES
    ),
    "gone in mid-stream": Case(
        fault("disconnect", 2), ServerFailed, "closed the connection", "ollama serve"
    ),
    "an end without a last object": Case(
        fault("end", 2), ServerFailed, "in the middle of its answer", "ollama serve"
    ),
    "an end before the first object": Case(
        fault("end", 0), ServerFailed, "in the middle of its answer", "ollama serve"
    ),
    "hang before the answer": Case(
        fault("hang", 0), TimedOut, "did not answer in time", "request_timeout"
    ),
    "hang in mid-stream": Case(
        fault("hang", 2), TimedOut, "did not answer in time", "request_timeout"
    ),
    "half a line": Case(fault("cut_line", 1), BadAnswer, "not JSON", "proxy"),
    "half a first line": Case(fault("cut_line", 0), BadAnswer, "not JSON", "proxy"),
    "no JSON": Case(fault("not_json", 1), BadAnswer, "not JSON", "proxy"),
    "a line without end": Case(
        fault("endless_line", 1), BadAnswer, "line without end", "another model"
    ),
    "nothing": Case(Answer(""), BadAnswer, "answered with nothing", "another model"),
    "blanks only": Case(Answer(" \n "), BadAnswer, "answered with nothing", "another model"),
    "10 MB": Case(
        Answer(pieces=["x" * 1000] * 10_000), BadAnswer, "does not come to an end", "another model"
    ),
    "10 MB at once": Case(
        Answer(pieces=["x" * 10_000_000]), BadAnswer, "line without end", "another model"
    ),
    "another model": Case(
        Answer("x = 1", model="llama3:8b"), BadAnswer, "'llama3:8b' in place of", "proxy"
    ),
    "busy": Case(
        Answer(status=503, error="server busy, please try again"),
        ServerFailed,
        "server busy",
        "ollama serve",
        TRIES,
    ),
    "too many requests": Case(
        Answer(status=429, error="too many requests"), ServerFailed, "too many", "serve", TRIES
    ),
    "out of memory": Case(
        Answer(status=500, error="model requires more system memory (5.5 GiB) than is available"),
        ServerFailed,
        "more system memory",
        "smaller model",
        TRIES,
    ),
    "bad request": Case(
        Answer(status=400, error="invalid option"), ServerFailed, "invalid option", "ollama serve"
    ),
    "not allowed": Case(
        Answer(status=401, error="unauthorized"), ServerFailed, "unauthorized", "ollama serve"
    ),
    "no such model": Case(
        Answer(status=404, error="model 'qwen2.5-coder:7b' not found"),
        ModelMissing,
        "has no model 'qwen2.5-coder:7b'",
        "ollama pull qwen2.5-coder:7b",
    ),
    "prompt refused": Case(
        Answer(status=400, error="the input length exceeds the context length"),
        PromptTooLong,
        "exceeds the context length",
        "smaller part",
    ),
    "an error without words": Case(
        Answer(status=502, error=""), ServerFailed, "failed: 502", "ollama serve", TRIES
    ),
}


def chat(host: str, *, request_timeout: float = 0.5, deadline: float | None = None) -> Reply:
    client = Client(ModelSettings(host=host, request_timeout=request_timeout))
    return client.chat(HELLO, num_ctx=2048, deadline=deadline)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_ends_in_one_sentence(name: str) -> None:
    case = CASES[name]
    with OllamaDouble(lambda request: case.answer) as double:
        start = time.monotonic()
        with pytest.raises(ModelError, match=re.escape(case.message)) as caught:
            chat(double.url)
        assert time.monotonic() - start < SECONDS
        assert type(caught.value) is case.error
        assert case.hint in caught.value.hint
        assert "\n" not in str(caught.value)
        assert len(double.chats) == case.requests
        for request in double.chats:
            assert request.finished.wait(2)


def test_a_slow_drip_ends_at_the_deadline() -> None:
    drip = Answer(pieces=["x "] * 10_000, delay=0.05)
    with OllamaDouble(lambda request: drip) as double:
        start = time.monotonic()
        with pytest.raises(TimedOut, match=r"within 0\.5 seconds") as caught:
            chat(double.url, deadline=start + 0.5)
        assert 0.5 <= time.monotonic() - start < 1.5
        assert "budget_seconds" in caught.value.hint
        assert double.chats[0].disconnected.wait(1)


def test_the_budget_is_the_deadline_where_there_is_none() -> None:
    drip = Answer(pieces=["x "] * 10_000, delay=0.05)
    with OllamaDouble(lambda request: drip) as double:
        client = Client(ModelSettings(host=double.url, budget_seconds=0.3))
        with pytest.raises(TimedOut):
            client.chat(HELLO, num_ctx=2048)


def test_nothing_is_sent_after_the_deadline() -> None:
    with OllamaDouble() as double:
        with pytest.raises(TimedOut):
            chat(double.url, deadline=time.monotonic() - 1)
        assert not double.requests


def test_a_closed_port_says_how_to_start_the_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"http://127.0.0.1:{free.getsockname()[1]}"
    for ask in (
        lambda: chat(host),
        lambda: Client(ModelSettings(host=host)).models(),
        lambda: Client(ModelSettings(host=host)).context_length(),
        lambda: Client(ModelSettings(host=host)).pull("x", lambda progress: None),
    ):
        with pytest.raises(Unreachable, match="cannot be reached") as caught:
            ask()
        assert "ollama serve" in caught.value.hint


def test_a_server_that_accepts_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(TimedOut):
            chat(host)
        with pytest.raises(TimedOut):
            Client(ModelSettings(host=host, request_timeout=0.5)).models()
        assert time.monotonic() - start < 3


@contextmanager
def web_server(reply: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that is not Ollama."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply(self)

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(status: int, body: bytes) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, b"<html>Not here</html>", Unreachable),
        (405, b"", Unreachable),
        (200, b"<html>Welcome</html>", BadAnswer),
        (200, b"[1, 2]\n", BadAnswer),
        (200, b"7\n", BadAnswer),
        (200, b"\xff\xfe\n", BadAnswer),
        (200, b'{"choices": []}\n', BadAnswer),
        (200, b'{"error": {"message": "no"}}\n', BadAnswer),
        (500, b"[1]", BadAnswer),
        (200, b"", ServerFailed),
    ],
)
def test_a_server_that_is_not_ollama(status: int, body: bytes, error: type[ModelError]) -> None:
    with web_server(page(status, body)) as host:
        with pytest.raises(error) as caught:
            chat(host)
        assert caught.value.hint
        for ask in (Client(ModelSettings(host=host)).models, lambda: _context(host)):
            with pytest.raises(ModelError) as caught:
                ask()
            assert caught.value.hint


def _context(host: str) -> int:
    return Client(ModelSettings(host=host)).context_length()


def test_a_lookup_that_drips_ends_too() -> None:
    def reply(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.05)

    with web_server(reply) as host:
        start = time.monotonic()
        with pytest.raises(TimedOut):
            Client(ModelSettings(host=host, request_timeout=0.3)).models()
        assert time.monotonic() - start < 1.5


def test_a_prompt_that_cannot_fit_is_not_sent() -> None:
    with OllamaDouble() as double:
        client = Client(ModelSettings(host=double.url))
        with pytest.raises(PromptTooLong, match="2048 tokens") as caught:
            client.chat([Message("user", "def f(x): return x\n" * 500)], num_ctx=2048)
        assert caught.value.hint
        with pytest.raises(PromptTooLong):
            client.chat(HELLO, num_ctx=2048, num_predict=2048)
        assert not double.requests


CODE = "def area(width, height):\n    return width * height\n\n\n"


def test_a_prompt_that_the_server_cut_is_reported() -> None:
    with OllamaDouble(context_limit=1024) as double:
        with pytest.raises(PromptTooLong, match=r"read only 514 .* context of 1024") as caught:
            Client(ModelSettings(host=double.url)).chat([Message("user", CODE * 100)], num_ctx=8192)
        assert caught.value.hint


def test_a_prompt_that_fits_a_smaller_context_is_not() -> None:
    with OllamaDouble(context_limit=1024) as double:
        client = Client(ModelSettings(host=double.url))
        assert client.chat([Message("user", CODE * 20)], num_ctx=8192).text


def test_a_text_of_few_tokens_is_not_taken_for_a_cut_one() -> None:
    rulers = Message("user", f"{'-' * 80}\n" * 50)
    with OllamaDouble(lambda request: Answer("yes", prompt_tokens=100)) as double:
        reply = Client(ModelSettings(host=double.url)).chat([rulers], num_ctx=8192)
    assert reply.prompt_tokens == 100


def test_a_cached_prompt_that_is_not_counted_is_not_taken_for_a_cut_one() -> None:
    with OllamaDouble(lambda request: Answer("yes", prompt_tokens=0)) as double:
        reply = Client(ModelSettings(host=double.url)).chat(
            [Message("user", CODE * 20)], num_ctx=8192
        )
    assert reply.prompt_tokens == 0


def test_a_pull_that_fails() -> None:
    new = Model("new:1b")
    with OllamaDouble(registry=[new]) as double:
        client = Client(ModelSettings(host=double.url, request_timeout=0.3))
        with pytest.raises(ServerFailed, match="file does not exist"):
            client.pull("no-such-model", lambda progress: None)
        for kind in ("end", "disconnect", "error", "hang", "cut_line"):
            double.pull_fault = Fault(kind, 4)  # type: ignore[arg-type]
            with pytest.raises(ModelError) as caught:
                client.pull("new:1b", lambda progress: None)
            assert caught.value.hint
        with pytest.raises(ModelError, match="no model is named"):
            client.pull("", lambda progress: None)


def test_a_model_without_a_context_length() -> None:
    with web_server(page(200, b'{"model_info": {"general.architecture": "x"}}')) as host:
        with pytest.raises(BadAnswer, match="how long the context") as caught:
            _context(host)
        assert caught.value.hint


def test_without_the_package_the_command_that_installs_it() -> None:
    code = (
        "import sys\n"
        "sys.modules['ollama'] = None\n"
        "from tojax.model.ollama import Client\n"
        "from tojax.model.settings import ModelSettings\n"
        "try: Client(ModelSettings())\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    process = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(),
        check=True,
    )
    assert process.stdout.startswith("ModelError")
    assert "pip install 'tojax[model]'" in process.stdout


def test_a_script_of_the_double_that_fails_says_why() -> None:
    def script(request: ChatRequest) -> Answer:
        raise ZeroDivisionError("in the script")

    with OllamaDouble(script) as double, pytest.raises(ServerFailed, match="the script failed"):
        chat(double.url)
