"""The endpoints of the API."""

from __future__ import annotations

import contextlib
import hashlib
import json
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from tests.model.ollama_double.answers import Answer, ChatRequest, tokens
from tests.model.ollama_double.catalogue import full_name
from tests.model.ollama_double.transport import ClientGone, Responder

if TYPE_CHECKING:
    from tests.model.ollama_double.server import OllamaDouble

VERSION = "0.32.9"
DEFAULT_CONTEXT = 4096
NANOSECONDS_PER_TOKEN = 20_000_000
TEXT = "text/plain; charset=utf-8"


class Handler(Responder):
    """One connection; a subclass says of which server."""

    server_of_models: ClassVar[OllamaDouble]

    def stopping(self) -> bool:
        return self.server_of_models.stopping.is_set()

    def handle(self) -> None:
        """All requests of the connection, however the client ends it."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        from tests.model.ollama_double.server import Recorded

        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return self.send_json({"error": "invalid character in request body"}, 400)
        request = Recorded(self.command, self.path, body, dict(self.headers))
        self.server_of_models.note(request)
        try:
            if self.command == "POST" and not raw:
                return self.send_json({"error": "missing request body"}, 400)
            self._dispatch(body)
        except (ClientGone, ConnectionError):
            request.disconnected.set()
            self.close_connection = True
        finally:
            self.server_of_models.done(request)

    def _dispatch(self, body: dict[str, Any]) -> None:
        models = self.server_of_models.models
        method = "GET" if self.command == "HEAD" else self.command
        match method, self.path:
            case "GET", "/":
                self.send_body(b"Ollama is running", TEXT)
            case "GET", "/api/version":
                self.send_json({"version": VERSION})
            case "GET", "/api/tags":
                self.send_json({"models": [model.tag() for model in models.values()]})
            case "GET", "/api/ps":
                loaded = self.server_of_models.loaded.items()
                self.send_json({"models": [models[name].running(n) for name, n in loaded]})
            case "POST", "/api/pull":
                self._pull(body)
            case "POST", "/api/show" | "/api/chat" | "/api/generate" | "/api/embed":
                self._with_model(body)
            case _:
                self.send_body(b"404 page not found", TEXT, 404)

    def _with_model(self, body: dict[str, Any]) -> None:
        name = str(body.get("model") or "")
        model = self.server_of_models.models.get(full_name(name))
        if not name:
            self.send_json({"error": "model is required"}, 400)
        elif model is None:
            self.send_json({"error": f"model '{name}' not found"}, 404)
        elif self.path == "/api/show":
            self.send_json(model.show())
        elif self.path == "/api/embed":
            self._embed(body)
        elif body.get("think") and not model.thinking:
            self.send_json({"error": f'"{name}" does not support thinking'}, 400)
        else:
            self._generate(body, model.context_length, model.thinking)

    def _generate(self, body: dict[str, Any], trained_context: int, thinks: bool) -> None:
        """Text, of ``/api/chat`` or ``/api/generate``."""
        chat = self.path == "/api/chat"
        messages = body.get("messages") or []
        if not chat and body.get("prompt"):
            system = [{"role": "system", "content": body["system"]}] if body.get("system") else []
            messages = [*system, {"role": "user", "content": body["prompt"]}]
        if not messages:
            unload = body.get("keep_alive") == 0
            done = {"done": True, "done_reason": "unload" if unload else "load"}
            return self.send_json({**_part(body["model"], chat, ""), **done})
        double = self.server_of_models
        options = body.get("options") or {}
        request = ChatRequest(
            model=body["model"],
            messages=messages,
            options=options,
            format=body.get("format"),
            stream=body.get("stream", True),
            think=body.get("think"),
            keep_alive=body.get("keep_alive"),
            number=double.next_number(),
        )
        try:
            answer = double.script(request)
        except Exception:
            answer = Answer(status=500, error=f"the script failed: {traceback.format_exc()}")
        if answer.status != 200:
            return self.send_json({"error": answer.error}, answer.status)
        context = min(
            options.get("num_ctx") or DEFAULT_CONTEXT,
            trained_context,
            double.context_limit or trained_context,
        )
        double.loaded[full_name(request.model)] = context
        prompt_tokens = sum(len(tokens(str(message["content"]))) for message in messages)
        if prompt_tokens > context:
            prompt_tokens = context // 2 + 2
        thoughts = tokens(answer.thinking) if thinks and request.think is not False else []
        parts = list(
            _parts(
                answer,
                model=answer.model or request.model,
                chat=chat,
                thoughts=thoughts,
                prompt_tokens=prompt_tokens
                if answer.prompt_tokens is None
                else answer.prompt_tokens,
                most=options.get("num_predict"),
            )
        )
        if request.stream:
            self.send_lines(parts, fault=answer.fault, delay=answer.delay, headers=answer.headers)
        else:
            self.wait(answer.delay * len(parts))
            self.send_json(_joined(parts, chat))

    def _pull(self, body: dict[str, Any]) -> None:
        double, name = self.server_of_models, str(body.get("model") or "")
        model = double.registry.get(full_name(name)) or double.models.get(full_name(name))
        manifest = {"status": "pulling manifest"}
        if model is None:
            error = {"error": "pull model manifest: file does not exist"}
            if body.get("stream", True):
                return self.send_lines([manifest, error])
            return self.send_json(error, 500)
        digest = f"sha256:{model.digest}"
        layer = {"status": f"pulling {model.digest[:12]}", "digest": digest, "total": model.size}
        parts: list[Mapping[str, Any]] = [manifest, layer]
        parts += [{**layer, "completed": model.size * tenth // 10} for tenth in range(1, 11)]
        parts += [{"status": "verifying sha256 digest"}, {"status": "writing manifest"}]
        parts.append({"status": "success"})
        if body.get("stream", True):
            self.send_lines(parts, fault=double.pull_fault)
        else:
            self.send_json(parts[-1])
        if double.pull_fault is None:
            double.models[full_name(model.name)] = model

    def _embed(self, body: dict[str, Any]) -> None:
        given = body.get("input") or []
        texts = [given] if isinstance(given, str) else given
        vectors = [[b / 255 for b in hashlib.sha256(t.encode()).digest()[:8]] for t in texts]
        count = sum(len(tokens(text)) for text in texts)
        self.send_json(
            {
                "model": body["model"],
                "embeddings": vectors,
                "total_duration": count * NANOSECONDS_PER_TOKEN,
                "load_duration": 1_000_000,
                "prompt_eval_count": count,
            }
        )


def _part(model: str, chat: bool, text: str, thinking: str = "") -> dict[str, Any]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    said: dict[str, Any] = {"role": "assistant", "content": text} if chat else {"response": text}
    if thinking:
        said["thinking"] = thinking
    said = {"message": said} if chat else said
    return {"model": model, "created_at": now, **said, "done": False}


def _parts(
    answer: Answer,
    *,
    model: str,
    chat: bool,
    thoughts: list[str],
    prompt_tokens: int,
    most: int | None,
) -> Iterator[dict[str, Any]]:
    """The objects of a stream; ``most`` limits thoughts and text together, if above zero."""
    pieces = [(thought, "") for thought in thoughts] + [("", text) for text in answer.split()]
    limited = pieces[:most] if most is not None and most > 0 else pieces
    for thought, text in limited:
        yield _part(model, chat, text, thought)
    yield {
        **_part(model, chat, ""),
        "done": True,
        "done_reason": "stop" if len(limited) == len(pieces) else "length",
        "total_duration": (prompt_tokens + len(limited)) * NANOSECONDS_PER_TOKEN + 5_000_000,
        "load_duration": 5_000_000,
        "prompt_eval_count": prompt_tokens,
        "prompt_eval_duration": prompt_tokens * NANOSECONDS_PER_TOKEN,
        "eval_count": len(limited),
        "eval_duration": len(limited) * NANOSECONDS_PER_TOKEN,
    }


def _joined(parts: list[dict[str, Any]], chat: bool) -> dict[str, Any]:
    """A stream as the single object that is sent without streaming."""
    whole = dict(parts[-1])
    where = (lambda part: part["message"]) if chat else (lambda part: part)
    for key in ("content" if chat else "response", "thinking"):
        text = "".join(where(part).get(key, "") for part in parts)
        if text or key != "thinking":
            where(whole)[key] = text
    return whole
