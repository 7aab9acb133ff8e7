"""What a script is asked and what it may answer, faults included."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

_PIECE = re.compile(r"\s*(?:\w+|[^\w\s])|\s+$")


@dataclass(frozen=True)
class ChatRequest:
    """A request for text, of ``/api/chat`` or ``/api/generate``."""

    model: str
    messages: Sequence[Mapping[str, Any]]
    options: Mapping[str, Any]
    format: str | Mapping[str, Any] | None
    stream: bool
    think: bool | str | None
    keep_alive: str | float | None
    number: int
    """How many requests for text came before, of this server."""

    @property
    def prompt(self) -> str:
        """The last message."""
        return str(self.messages[-1]["content"]) if self.messages else ""


FaultKind = Literal["error", "disconnect", "end", "hang", "cut_line", "endless_line", "not_json"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong after so many pieces of the answer.

    - ``error``: an object with an error; before the first piece a status 500.
    - ``disconnect``: the connection is closed without the end of the body.
    - ``end``: the body ends properly, without the object that says ``done``.
    - ``hang``: nothing more comes, until the client goes away.
    - ``cut_line``: half an object, then the end of the body.
    - ``endless_line``: one line that does not end, until the client goes away.
    - ``not_json``: a page of HTML in place of an object.
    """

    kind: FaultKind
    after: int = 0
    message: str = "an error was encountered while running the model"


@dataclass(frozen=True)
class Answer:
    """What the model says, and how the server behaves while it does."""

    text: str = ""
    thinking: str = ""
    pieces: Sequence[str] | None = None
    """How the text is cut into pieces; None for words and marks, one each."""

    delay: float = 0
    """Seconds before each piece."""

    status: int = 200
    """Of HTTP; with another one, ``error`` is the answer."""

    error: str = ""
    model: str | None = None
    """The model that the answer names, if not the one that was asked."""

    prompt_tokens: int | None = None
    """What the server says it read, if not what it counts."""

    fault: Fault | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def split(self) -> list[str]:
        """The pieces in which the text goes out."""
        return tokens(self.text) if self.pieces is None else list(self.pieces)


Script = Callable[[ChatRequest], Answer]


def tokens(text: str) -> list[str]:
    """Words and marks with the space before them: what this server counts as tokens."""
    return _PIECE.findall(text)


def echo(request: ChatRequest) -> Answer:
    """Say the last message again; with a format, as a JSON object that follows it."""
    if request.format is None:
        return Answer(request.prompt)
    schema = request.format if isinstance(request.format, Mapping) else {"type": "object"}
    return Answer(json.dumps(example_of(schema, request.prompt)))


def example_of(schema: Mapping[str, Any], text: str) -> Any:
    """The plainest value that follows a JSON schema, with a text for every string."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", schema.get("properties", {}))
        return {name: example_of(schema["properties"][name], text) for name in wanted}
    if kind == "array":
        return []
    return {"integer": 0, "number": 0.0, "boolean": False, "null": None}.get(str(kind), text)
