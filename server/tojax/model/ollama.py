"""Asks a model that an Ollama server runs."""

from __future__ import annotations

import functools
import importlib.util
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from tojax.model.errors import ModelError, ModelMissing, PromptTooLong, Unreachable
from tojax.model.messages import Message, ModelInfo, PullProgress, Reply
from tojax.model.settings import ModelSettings, is_loopback
from tojax.model.tokens import estimate_tokens

if TYPE_CHECKING:
    from tojax.model.failover import Attempt

__all__ = ["Client", "Message", "ModelInfo", "PullProgress", "Reply", "estimate_tokens"]

_TOKENS_AROUND_A_MESSAGE = 8  # what chat templates add: role, start, end
_LOOKUP_SECONDS = 10.0  # for what no model has to be loaded

Result = TypeVar("Result")


class Client:
    """Asks the hosts and models that the settings name; its methods may run in any thread.

    Every request opens a connection of its own, and closes it at the end: a cancelled request also
    ends on the server. Hosts are asked in order, and again after a short pause if the server was
    only busy or restarting, until an answer has begun.

    Raises:
        ModelError: a host is not this machine and the settings do not allow that, or the package
            ollama is not installed.
    """

    def __init__(self, settings: ModelSettings) -> None:
        remote = [host for host in settings.hosts if not is_loopback(host)]
        if remote and not settings.allow_remote:
            raise Unreachable(
                f"{remote[0]} is not this machine, and no setting or flag names it",
                "to send source code there, name it: --host, or host in [tool.tojax.model]",
            )
        _need_packages()
        self.settings = settings
        self._context_lengths: dict[str, int] = {}

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
            deadline: when to give up, on the clock `time.monotonic`; None for `budget_seconds`
                from now.

        Raises:
            ModelError: there is no answer; its class says why.
        """
        from tojax.model.chat import ChatRequest, ask

        needed = sum(estimate_tokens(m.content) + _TOKENS_AROUND_A_MESSAGE for m in messages)
        if needed + (num_predict or 1) > num_ctx:
            raise PromptTooLong(
                f"the prompt (about {needed} tokens) and its answer do not fit a context of "
                f"{num_ctx} tokens",
                "translate a smaller part, or use a model with a longer context",
            )
        settings = self.settings
        options = {
            "num_ctx": num_ctx,
            "num_predict": num_predict or num_ctx - needed,
            "temperature": settings.temperature if temperature is None else temperature,
            "seed": seed,
        }
        request = ChatRequest(
            messages=messages,
            schema=schema,
            options={name: value for name, value in options.items() if value is not None},
            keep_alive=settings.keep_alive,
            timeout=settings.request_timeout,
            estimated_tokens=needed,
            on_text=on_text or (lambda text: None),
        )
        if deadline is None:
            deadline = time.monotonic() + settings.budget_seconds
        return self._first_answer(
            settings.models,
            lambda model, attempt: ask(request, model, attempt),
            cancelled,
            deadline,
        )

    def context_length(self, model: str | None = None) -> int:
        """The longest context of a model, in tokens; asked once.

        Args:
            model: None for that of the settings, or the alternative that would answer.

        Raises:
            ModelError: no host can say.
        """
        from tojax.model import catalogue

        models = self.settings.models if model is None else (model,)
        if models[0] not in self._context_lengths:
            timeout = self._lookup_timeout
            self._context_lengths[models[0]] = self._first_answer(
                models, lambda name, at: catalogue.context_length(at.host, name, timeout)
            )
        return self._context_lengths[models[0]]

    def count_tokens(self, text: str) -> int:
        """At most about how many tokens a text takes: `estimate_tokens`."""
        return estimate_tokens(text)

    def models(self) -> list[ModelInfo]:
        """What the hosts have pulled.

        Raises:
            Unreachable: no host can be reached.
            ModelError: a host does not answer as it should.
        """
        from tojax.model import catalogue, connection

        hosts, timeout = self.settings.hosts, self._lookup_timeout
        return connection.run(lambda: catalogue.list_models(hosts, timeout))

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
        from tojax.model import catalogue

        timeout = self.settings.request_timeout
        self._first_answer(
            (model,), lambda name, at: catalogue.pull(name, timeout, on_progress, at), cancelled
        )

    @property
    def _lookup_timeout(self) -> float:
        return min(self.settings.request_timeout, _LOOKUP_SECONDS)

    def _first_answer(
        self,
        models: Sequence[str],
        ask: Callable[[str, Attempt], Awaitable[Result]],
        cancelled: threading.Event | None = None,
        deadline: float | None = None,
    ) -> Result:
        """The answer of the first model that some host has."""
        from tojax.model.connection import run
        from tojax.model.failover import first_answer

        if not all(models):
            raise ModelMissing(
                "no model is named", "name one: --model, or model in [tool.tojax.model]"
            )

        async def work() -> Result:
            missing: list[ModelMissing] = []
            for model in models:
                try:
                    return await first_answer(self.settings.hosts, functools.partial(ask, model))
                except ModelMissing as error:
                    missing.append(error)
            raise missing[0]

        return run(work, cancelled, deadline)


def _need_packages() -> None:
    if importlib.util.find_spec("ollama") is None:
        raise ModelError(
            "the Python package ollama is not installed", "install it: pip install 'tojax[model]'"
        )
