"""A connection to an Ollama server: opened, watched while it works, and bounded.

Imports the packages ollama and httpx, so it is imported only when a request is made.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar, cast

import httpx
import ollama

from tojax.model.errors import BadAnswer, Cancelled, ModelError, TimedOut
from tojax.model.failures import as_model_error

LINE_LIMIT = 8 * 2**20
"""Bytes: a longer line is no answer, and would only fill the memory."""

_CONNECT_SECONDS = 5.0
_POLL_SECONDS = 0.02

Result = TypeVar("Result")


class _BoundedLines(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._stream:
            end = chunk.rfind(b"\n")
            length = length + len(chunk) if end < 0 else len(chunk) - end - 1
            if length > LINE_LIMIT:
                raise BadAnswer("the server sends a line without end", "try another model")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class _BoundedTransport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        response.stream = _BoundedLines(cast(httpx.AsyncByteStream, response.stream))
        return response


@functools.cache
def _certificates() -> ssl.SSLContext:
    """Loaded once: it takes longer than a request to this machine."""
    return httpx.create_ssl_context()


@contextlib.asynccontextmanager
async def _connected(host: str, timeout: float) -> AsyncIterator[ollama.AsyncClient]:
    """A client for one host: no proxies from the environment, no redirects elsewhere."""
    async with ollama.AsyncClient(
        host,
        timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS)),
        transport=_BoundedTransport(verify=_certificates()),
        trust_env=False,
        follow_redirects=False,
    ) as client:
        yield client


async def call(
    host: str,
    model: str,
    timeout: float,
    request: Callable[[ollama.AsyncClient], Awaitable[Result]],
) -> Result:
    """Make a request that is answered at once.

    Args:
        host: its URL.
        model: the model in question, for messages; may be empty.
        timeout: seconds to wait for the answer.
        request: makes the request.

    Raises:
        ModelError: whatever went wrong.
    """
    async with _connected(host, timeout) as client:
        try:
            async with asyncio.timeout(timeout):
                return await request(client)
        except ModelError:
            raise
        except Exception as error:
            raise as_model_error(error, host, model) from error


async def stream(
    host: str,
    model: str,
    timeout: float,
    request: Callable[[ollama.AsyncClient], Awaitable[AsyncIterator[Result]]],
) -> AsyncGenerator[Result, None]:
    """Make a request that is answered in parts.

    The arguments are those of `call`, but for ``timeout``: seconds to wait for each part.

    Raises:
        ModelError: whatever went wrong, before or between the parts.
    """
    async with _connected(host, timeout) as client:
        try:
            parts = cast(AsyncGenerator[Result, None], await request(client))
            async with contextlib.aclosing(parts):
                async for part in parts:
                    yield part
        except ModelError:
            raise
        except Exception as error:
            raise as_model_error(error, host, model) from error


def run(
    work: Callable[[], Coroutine[Any, Any, Result]],
    cancelled: threading.Event | None = None,
    deadline: float | None = None,
) -> Result:
    """Run to the end, unless cancelled or too late: then every connection is closed at once.

    Args:
        work: starts the work.
        cancelled: set it from another thread.
        deadline: on the clock `time.monotonic`.

    Raises:
        Cancelled: the event is set.
        TimedOut: the deadline has passed.
    """
    return asyncio.run(_watched(work, cancelled or threading.Event(), deadline))


async def _watched(
    work: Callable[[], Coroutine[Any, Any, Result]],
    cancelled: threading.Event,
    deadline: float | None,
) -> Result:
    start = time.monotonic()
    task: asyncio.Task[Result] | None = None
    try:
        while True:
            if cancelled.is_set():
                raise Cancelled("the request was cancelled")
            if deadline is not None and time.monotonic() >= deadline:
                raise TimedOut(
                    f"there was no complete answer within {max(deadline - start, 0):.1f} seconds",
                    "allow more time (budget_seconds) or use a smaller model",
                )
            task = task or asyncio.create_task(work())
            done, _ = await asyncio.wait({task}, timeout=_POLL_SECONDS)
            if done:
                return task.result()
    finally:
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task})
