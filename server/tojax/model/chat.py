"""One chat request, from the messages to the checked reply."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ollama

from tojax.model.connection import call, stream
from tojax.model.errors import BadAnswer, ModelError, PromptTooLong, ServerFailed
from tojax.model.failover import Attempt
from tojax.model.failures import log_hint
from tojax.model.messages import Message, Reply, full_name

ANSWER_LIMIT = 2**20
"""Characters: no translation is longer."""

LOWEST_RATIO = 0.5
"""Of code, fewer tokens than this share of the estimate are never seen: part of it was not read."""


@dataclass(frozen=True)
class ChatRequest:
    """What is asked, of whichever host answers."""

    messages: Sequence[Message]
    schema: dict[str, Any] | None
    options: dict[str, Any]
    keep_alive: str
    timeout: float
    """Seconds without a token."""

    estimated_tokens: int
    """Of the prompt."""

    on_text: Callable[[str], None]


async def ask(request: ChatRequest, model: str, attempt: Attempt) -> Reply:
    """Ask one host and read its answer to the end.

    Raises:
        ModelError: the answer did not come, or is none.
    """

    def send(client: ollama.AsyncClient) -> Awaitable[AsyncIterator[ollama.ChatResponse]]:
        return client.chat(
            model,
            [{"role": m.role, "content": m.content} for m in request.messages],
            stream=True,
            format=request.schema,
            options=request.options,
            keep_alive=request.keep_alive,
        )

    where = f"Ollama at {attempt.host}"
    start = time.monotonic()
    texts: list[str] = []
    length = 0
    last: ollama.ChatResponse | None = None
    parts = stream(attempt.host, model, request.timeout, send)
    async with contextlib.aclosing(parts):
        async for part in parts:
            attempt.begun = True
            if part.model and full_name(part.model) != full_name(model):
                raise BadAnswer(
                    f"{where} answered with {part.model!r} in place of {model!r}",
                    "see whether a proxy is in the way",
                )
            text = part.message.content or ""
            length += len(text) + len(part.message.thinking or "")
            if length > ANSWER_LIMIT:
                raise BadAnswer(f"{where} does not come to an end", "try another model")
            if text:
                texts.append(text)
                request.on_text(text)
            if part.done:
                last = part
                break
    if last is None:
        raise ServerFailed(f"{where} stopped in the middle of its answer", log_hint(attempt.host))
    if not "".join(texts).strip():
        raise BadAnswer(f"{model} answered with nothing", "try again, or another model")
    await _check_prompt_was_read(request, model, attempt.host, last.prompt_eval_count or 0)
    return Reply(
        text="".join(texts),
        prompt_tokens=last.prompt_eval_count or 0,
        output_tokens=last.eval_count or 0,
        seconds=time.monotonic() - start,
        truncated=last.done_reason == "length",
        model=model,
        host=attempt.host,
    )


async def _check_prompt_was_read(
    request: ChatRequest, model: str, host: str, evaluated: int
) -> None:
    """Refuse an answer to half a question: servers cut what does not fit without saying so.

    They then evaluate about half of their context (ollama/ollama issue 17427), which may be smaller
    than what was asked for. A count of zero says nothing: old servers leave out cached prompts.
    """
    if not 0 < evaluated < LOWEST_RATIO * request.estimated_tokens:
        return
    context = await _loaded_context(host, model, request.timeout)
    if context is None or context < request.estimated_tokens:
        size = f" of {context} tokens" if context else ""
        raise PromptTooLong(
            f"Ollama at {host} read only {evaluated} tokens of a prompt of about "
            f"{request.estimated_tokens}: it did not fit the context{size}",
            "translate a smaller part, or see why the server limits the context",
        )


async def _loaded_context(host: str, model: str, timeout: float) -> int | None:
    """The context with which a host runs a model, in tokens; None where it does not say."""
    try:
        running = await call(host, model, timeout, lambda client: client.ps())
    except ModelError:
        return None
    contexts = {full_name(each.model or ""): each.context_length for each in running.models}
    return contexts.get(full_name(model))
