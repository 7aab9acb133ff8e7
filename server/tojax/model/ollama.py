"""Asks a model that an Ollama server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tojax.model.settings import ModelSettings
from tojax.model.tokens import estimate_tokens


@dataclass(frozen=True)
class Message:
    """One message of a chat: its role is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True)
class Reply:
    """What a model answered, and what it took."""

    text: str
    prompt_tokens: int
    output_tokens: int
    seconds: float
    truncated: bool
    """The answer reached its limit of tokens and is cut off."""

    model: str
    host: str


@dataclass(frozen=True)
class ModelInfo:
    """A model that a host has pulled."""

    name: str
    host: str
    size: int
    """Bytes on disk."""

    parameters: str
    quantization: str


@dataclass(frozen=True)
class PullProgress:
    """How far a download is; ``total`` is 0 where the server does not say."""

    status: str
    completed: int
    total: int


class Client:
    """Asks the hosts and models that the settings name.

    Raises:
        ModelError: a host is not this machine and the settings do not allow that.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings

    def chat(
        self,
        messages: Sequence[Message],
        *,
        schema: dict[str, Any] | None = None,
        num_ctx: int,
        num_predict: int | None = None,
        seed: int | None = None,
        temperature: float | None = None,
        on_text: Callable[[str], None] | None = None,
        cancelled: threading.Event | None = None,
        deadline: float | None = None,
    ) -> Reply:
        """Ask for the next message.

        Args:
            messages: the chat so far.
            schema: a JSON schema that the answer has to follow.
            num_ctx: the context to use, in tokens, prompt and answer together.
            num_predict: the longest answer, in tokens; None for what the context leaves.
            seed: for an answer that can be had again.
            temperature: None for that of the settings.
            on_text: called with each piece of the answer as it comes.
            cancelled: set it (from another thread) to close the connection.
            deadline: when to give up, on the clock `time.monotonic`.

        Raises:
            ModelError: there is no answer; its class says why.
        """
        raise NotImplementedError

    def context_length(self, model: str | None = None) -> int:
        """The longest context of a model, in tokens.

        Raises:
            ModelError: no host can say.
        """
        raise NotImplementedError

    def count_tokens(self, text: str) -> int:
        """At most how many tokens a text takes: `estimate_tokens`."""
        return estimate_tokens(text)

    def models(self) -> list[ModelInfo]:
        """What the hosts have pulled.

        Raises:
            Unreachable: no host answers.
        """
        raise NotImplementedError

    def pull(
        self,
        model: str,
        on_progress: Callable[[PullProgress], None],
        cancelled: threading.Event | None = None,
    ) -> None:
        """Download a model to the first host that can be reached.

        Raises:
            ModelError: it did not end in success.
        """
        raise NotImplementedError
