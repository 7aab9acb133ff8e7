"""The double itself, over plain HTTP: what https://docs.ollama.com/api promises, it does."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.model.ollama_double import Answer, ChatRequest, Model, OllamaDouble
from tests.process import PACKAGE_PARENT

ROOT = Path(__file__).parents[2]
MODEL = "qwen2.5-coder:7b"


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    with OllamaDouble(registry=[Model("new:1b")]) as running:
        yield running


def send(url: str, body: object = None, method: str | None = None) -> HTTPResponse:
    return send_bytes(url, None if body is None else json.dumps(body).encode(), method)


def send_bytes(url: str, data: bytes | None, method: str | None = None) -> HTTPResponse:
    request = urllib.request.Request(url, data, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    response: HTTPResponse = opener.open(request, timeout=5)
    return response


def load(url: str, body: object = None) -> Any:
    return json.loads(send(url, body).read())


def lines(url: str, body: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in send(url, body).read().splitlines()]


def refused(url: str, body: object) -> tuple[int, dict[str, Any]]:
    with pytest.raises(urllib.error.HTTPError) as caught:
        send(url, body)
    assert caught.value.headers["Content-Type"].startswith("application/json")
    return caught.value.code, json.loads(caught.value.read())


def hello(**more: object) -> dict[str, object]:
    return {"model": MODEL, "messages": [{"role": "user", "content": "a b c"}], **more}


def test_it_says_that_it_runs(double: OllamaDouble) -> None:
    assert send(f"{double.url}/").read() == b"Ollama is running"
    head = send(f"{double.url}/", method="HEAD")
    assert (head.status, head.read()) == (200, b"")
    assert load(f"{double.url}/api/version")["version"]


def test_chat_streams_json_lines(double: OllamaDouble) -> None:
    response = send(f"{double.url}/api/chat", hello())
    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert response.headers["Transfer-Encoding"] == "chunked"
    *parts, last = [json.loads(line) for line in response.read().splitlines()]
    assert [part["message"]["content"] for part in parts] == ["a", " b", " c"]
    for part in parts:
        assert set(part) == {"model", "created_at", "message", "done"}
        assert (part["model"], part["message"]["role"], part["done"]) == (MODEL, "assistant", False)
    assert last["message"] == {"role": "assistant", "content": ""}
    assert (last["done"], last["done_reason"]) == (True, "stop")
    assert (last["prompt_eval_count"], last["eval_count"]) == (3, 3)
    nanoseconds = last["load_duration"] + last["prompt_eval_duration"] + last["eval_duration"]
    assert last["total_duration"] >= nanoseconds > 10**6


def test_chat_without_streaming_is_one_object(double: OllamaDouble) -> None:
    response = send(f"{double.url}/api/chat", hello(stream=False))
    assert response.headers["Content-Type"].startswith("application/json")
    whole = json.loads(response.read())
    assert whole["message"] == {"role": "assistant", "content": "a b c"}
    assert (whole["done"], whole["eval_count"]) == (True, 3)


def test_generate_has_its_own_field_for_text(double: OllamaDouble) -> None:
    body = {"model": MODEL, "prompt": "a b", "system": "Repeat."}
    *parts, last = lines(f"{double.url}/api/generate", body)
    assert [part["response"] for part in parts] == ["a", " b"]
    assert (last["response"], last["done"], last["prompt_eval_count"]) == ("", True, 4)
    whole = load(f"{double.url}/api/generate", {**body, "stream": False})
    assert whole["response"] == "a b"


@pytest.mark.parametrize("keep_alive", [None, 0])
def test_without_messages_the_model_is_loaded_or_unloaded(
    double: OllamaDouble, keep_alive: int | None
) -> None:
    body = {"model": MODEL, "messages": []}
    whole = load(
        f"{double.url}/api/chat", body if keep_alive is None else {**body, "keep_alive": 0}
    )
    assert whole["done"] is True
    assert whole["done_reason"] == ("load" if keep_alive is None else "unload")


def test_limits_and_formats(double: OllamaDouble) -> None:
    short = load(f"{double.url}/api/chat", hello(stream=False, options={"num_predict": 2}))
    assert (short["message"]["content"], short["done_reason"]) == ("a b", "length")
    plain = load(f"{double.url}/api/chat", hello(stream=False, format="json"))
    assert isinstance(json.loads(plain["message"]["content"]), dict)
    schema = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "notes": {"type": "array"}},
        "required": ["code", "notes"],
    }
    shaped = load(f"{double.url}/api/chat", hello(stream=False, format=schema))
    assert json.loads(shaped["message"]["content"]) == {"code": "a b c", "notes": []}


def test_a_prompt_longer_than_the_context_is_cut_to_half(double: OllamaDouble) -> None:
    """As measured in ollama/ollama issue 17427: half the context and two."""
    message = {"role": "user", "content": "word " * 1000}
    body = hello(messages=[message], stream=False, options={"num_ctx": 512})
    assert load(f"{double.url}/api/chat", body)["prompt_eval_count"] == 258
    (running,) = load(f"{double.url}/api/ps")["models"]
    assert (running["name"], running["context_length"]) == (MODEL, 512)


def test_thinking_is_apart_and_only_where_a_model_can() -> None:
    def script(request: ChatRequest) -> Answer:
        return Answer("yes", thinking="hm hm")

    with OllamaDouble(script, models=[Model("thinker:1b", thinking=True), Model(MODEL)]) as double:
        url = f"{double.url}/api/chat"
        whole = load(url, hello(model="thinker:1b", stream=False))
        assert whole["message"]["thinking"] == "hm hm"
        assert (
            "thinking"
            not in load(url, hello(model="thinker:1b", think=False, stream=False))["message"]
        )
        status, error = refused(url, hello(think=True))
    assert (status, error) == (400, {"error": f'"{MODEL}" does not support thinking'})


def test_models_are_listed_and_shown(double: OllamaDouble) -> None:
    models = load(f"{double.url}/api/tags")["models"]
    assert [model["name"] for model in models] == [MODEL, "codellama:7b"]
    assert {"model", "modified_at", "size", "digest", "details"} <= set(models[0])
    shown = load(f"{double.url}/api/show", {"model": MODEL})
    assert shown["model_info"]["qwen2.context_length"] == 32768
    assert shown["model_info"]["general.architecture"] == "qwen2"
    assert {"template", "details", "modelfile", "parameters", "capabilities"} <= set(shown)


def test_pulling_tells_how_far_it_is(double: OllamaDouble) -> None:
    parts = lines(f"{double.url}/api/pull", {"model": "new:1b"})
    assert parts[0] == {"status": "pulling manifest"}
    assert parts[-1] == {"status": "success"}
    layers = [part for part in parts if "total" in part]
    assert layers[-1]["completed"] == layers[-1]["total"]
    assert load(f"{double.url}/api/show", {"model": "new:1b"})
    assert load(f"{double.url}/api/pull", {"model": "new:1b", "stream": False}) == parts[-1]
    (_, error) = lines(f"{double.url}/api/pull", {"model": "unknown"})
    assert error == {"error": "pull model manifest: file does not exist"}


def test_texts_are_embedded(double: OllamaDouble) -> None:
    body = {"model": MODEL, "input": ["one", "two", "one"]}
    first, second, again = load(f"{double.url}/api/embed", body)["embeddings"]
    assert first == again != second
    (alone,) = load(f"{double.url}/api/embed", {"model": MODEL, "input": "one"})["embeddings"]
    assert alone == first


def test_errors_are_objects_with_an_error(double: OllamaDouble) -> None:
    unknown = hello(model="x")
    assert refused(f"{double.url}/api/chat", unknown) == (404, {"error": "model 'x' not found"})
    assert refused(f"{double.url}/api/show", {"model": "x"})[0] == 404
    assert refused(f"{double.url}/api/chat", {"messages": []})[0] == 400
    with pytest.raises(urllib.error.HTTPError, match="400"):
        send_bytes(f"{double.url}/api/chat", b"{")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        send(f"{double.url}/api/nothing")


def by_length(request: ChatRequest) -> Answer:
    """The script of the process below."""
    return Answer(f"{len(request.prompt)} letters", delay=0.01)


def test_it_runs_as_a_process(tmp_path: Path) -> None:
    record = tmp_path / "requests.jsonl"
    command = [sys.executable, "-m", "tests.model.ollama_double", "--record", str(record)]
    process = subprocess.Popen(
        [*command, "--script", f"{__name__}:by_length"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{PACKAGE_PARENT}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        whole = load(f"{url}/api/chat", hello(stream=False))
        assert whole["message"]["content"] == "5 letters"
        response = send(f"{url}/api/chat", hello())
        response.readline()
        response.close()
        recorded: list[dict[str, Any]] = []
        end = time.monotonic() + 5
        while len(recorded) < 2 and time.monotonic() < end:
            time.sleep(0.02)
            text = record.read_text() if record.exists() else ""
            recorded = [json.loads(line) for line in text.splitlines()]
        assert [line["path"] for line in recorded] == ["/api/chat", "/api/chat"]
        assert [line["disconnected"] for line in recorded] == [False, True]
        assert recorded[0]["body"]["messages"] == [{"role": "user", "content": "a b c"}]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        if process.stdout is not None:
            process.stdout.close()


def test_a_client_that_resets_its_connection_is_nobodys_error(
    double: OllamaDouble, capfd: pytest.CaptureFixture[str]
) -> None:
    address = ("127.0.0.1", int(double.url.rpartition(":")[2]))
    others = threading.active_count()
    with socket.create_connection(address, timeout=5) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += client.recv(1024)
    deadline = time.monotonic() + 5
    while threading.active_count() > others and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == others, "the connection is still served"
    assert capfd.readouterr().err == ""
