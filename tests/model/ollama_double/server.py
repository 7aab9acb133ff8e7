"""The server: routes requests, keeps a record of them, and answers as Ollama does."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.model.ollama_double.answers import Fault, Script, echo
from tests.model.ollama_double.catalogue import Model, full_name
from tests.model.ollama_double.handler import Handler

DEFAULT_MODELS = (Model("qwen2.5-coder:7b"), Model("codellama:7b", 16384, 3_825_910_662, "llama"))


@dataclass
class Recorded:
    """A request that came in."""

    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    finished: threading.Event = field(default_factory=threading.Event)
    """Set once the server has done with it."""

    disconnected: threading.Event = field(default_factory=threading.Event)
    """Set once the client has gone before the answer was complete."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body.get("messages", ()))

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.body.get("options") or {})


class OllamaDouble:
    """A server in threads of this process; `url` is its address.

    Args:
        script: says what the model answers.
        models: what is pulled.
        registry: what can be pulled.
        context_limit: tokens; the server runs no model with a longer context, whatever is asked.
        pull_fault: what goes wrong in downloads.
        port: 0 for a free one.
        record: a file to which every finished request is added, one JSON object a line.
    """

    def __init__(
        self,
        script: Script = echo,
        *,
        models: Sequence[Model] = DEFAULT_MODELS,
        registry: Sequence[Model] = (),
        context_limit: int | None = None,
        pull_fault: Fault | None = None,
        port: int = 0,
        record: Path | None = None,
    ) -> None:
        self.script = script
        self.models = {full_name(model.name): model for model in models}
        self.registry = {full_name(model.name): model for model in registry}
        self.context_limit = context_limit
        self.pull_fault = pull_fault
        self.loaded: dict[str, int] = {}
        self.requests: list[Recorded] = []
        self.stopping = threading.Event()
        self._record = record
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        double = self

        class BoundHandler(Handler):
            server_of_models = double

        self._server = ThreadingHTTPServer(("127.0.0.1", port), BoundHandler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def chats(self) -> list[Recorded]:
        """The requests of ``/api/chat``."""
        return [each for each in self.requests if each.path == "/api/chat"]

    def __enter__(self) -> OllamaDouble:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next_number(self) -> int:
        """How many requests for text came before."""
        return next(self._numbers)

    def note(self, request: Recorded) -> None:
        """A request came in."""
        with self._lock:
            self.requests.append(request)

    def done(self, request: Recorded) -> None:
        """A request is answered, or its client has gone."""
        with self._lock:
            if self._record is not None:
                line = {
                    "method": request.method,
                    "path": request.path,
                    "body": request.body,
                    "disconnected": request.disconnected.is_set(),
                }
                with self._record.open("a", encoding="utf-8") as file:
                    file.write(f"{json.dumps(line)}\n")
        request.finished.set()
