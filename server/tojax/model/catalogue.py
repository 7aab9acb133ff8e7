"""What the hosts have pulled, what a model can hold, and pulling another."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import ollama

from tojax.model.connection import call, stream
from tojax.model.errors import BadAnswer, ServerFailed, Unreachable
from tojax.model.failover import Attempt
from tojax.model.failures import most_telling
from tojax.model.messages import ModelInfo, PullProgress


async def list_models(hosts: Sequence[str], timeout: float) -> list[ModelInfo]:
    """The models of every host that can be reached.

    Raises:
        Unreachable: none can.
        ModelError: a host answers, but not with a list.
    """
    models: list[ModelInfo] = []
    failures: list[Unreachable] = []
    for host in hosts:
        try:
            answer = await call(host, "", timeout, lambda client: client.list())
        except Unreachable as error:
            failures.append(error)
            continue
        models += [_info(host, model) for model in answer.models]
    if len(failures) == len(hosts):
        raise most_telling(list(failures))
    return models


def _info(host: str, model: ollama.ListResponse.Model) -> ModelInfo:
    details = model.details
    return ModelInfo(
        name=model.model or "",
        host=host,
        size=int(model.size or 0),
        parameters=(details and details.parameter_size) or "",
        quantization=(details and details.quantization_level) or "",
    )


async def context_length(host: str, model: str, timeout: float) -> int:
    """The context that a model was trained for, in tokens.

    Raises:
        BadAnswer: the host does not say.
        ModelError: the host does not answer.
    """
    shown = await call(host, model, timeout, lambda client: client.show(model))
    facts = shown.modelinfo or {}
    architecture = facts.get("general.architecture")
    length = facts.get(f"{architecture}.context_length")
    if not isinstance(length, int) or length <= 0:
        raise BadAnswer(
            f"Ollama at {host} does not say how long the context of {model} is", "update Ollama"
        )
    return length


async def pull(
    model: str, timeout: float, on_progress: Callable[[PullProgress], None], attempt: Attempt
) -> None:
    """Download a model to a host.

    Raises:
        ModelError: it did not end in success.
    """

    def send(client: ollama.AsyncClient) -> Awaitable[AsyncIterator[ollama.ProgressResponse]]:
        return client.pull(model, stream=True)

    status = ""
    parts = stream(attempt.host, model, timeout, send)
    async with contextlib.aclosing(parts):
        async for part in parts:
            attempt.begun = True
            status = part.status or ""
            on_progress(PullProgress(status, part.completed or 0, part.total or 0))
    if status != "success":
        raise ServerFailed(
            f"Ollama at {attempt.host} stopped downloading {model}", "ask again: it goes on there"
        )
