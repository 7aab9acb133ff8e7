"""The client library's exceptions as `ModelError`: what happened, and the command that helps.

The package ollama 0.6 raises its own `ResponseError` (status -1 for an error in mid-stream), the
built-in `ConnectionError`, httpx's exceptions, pydantic's `ValidationError`, and whatever an answer
of the wrong shape provokes in it.
"""

from __future__ import annotations

import json
import re

import httpx
import ollama

from tojax.model.errors import (
    BadAnswer,
    ModelError,
    ModelMissing,
    PromptTooLong,
    ServerFailed,
    TimedOut,
    Unreachable,
)
from tojax.model.settings import DEFAULT_HOST, is_loopback

_LONGEST_QUOTE = 300


def as_model_error(error: Exception, host: str, model: str) -> ModelError:
    """Translate an exception of a request.

    Args:
        error: what the client raised.
        host: the URL that was asked.
        model: the model that was asked for; may be empty.
    """
    where = f"Ollama at {host}"
    if isinstance(error, ollama.ResponseError):
        return _of_response(error, where, host, model)
    if isinstance(error, ConnectionError | httpx.ConnectError | httpx.ConnectTimeout):
        return Unreachable(f"{where} cannot be reached", _start_hint(host))
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return TimedOut(
            f"{where} did not answer in time",
            "allow more time (request_timeout) or use a smaller model",
        )
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
        return ServerFailed(f"{where} closed the connection in the middle", log_hint(host))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Unreachable(f"{host} is not an address to ask: {error}", _address_hint())
    if isinstance(error, json.JSONDecodeError):
        return BadAnswer(
            f"{where} sent a line that is not JSON", "try again; see whether a proxy is in the way"
        )
    return BadAnswer(
        f"{where} answered with something that is not Ollama's API ({type(error).__name__})",
        _address_hint(),
    )


def is_transient(error: ModelError) -> bool:
    """Whether asking again soon may help, provided that no answer has begun."""
    cause = error.__cause__
    if isinstance(cause, ollama.ResponseError):
        return cause.status_code >= 500 or cause.status_code == 429
    return isinstance(cause, ConnectionError | httpx.NetworkError | httpx.RemoteProtocolError)


def most_telling(errors: list[ModelError]) -> ModelError:
    """Of the errors of several hosts, that of the host that came closest to an answer."""
    return min(errors, key=lambda e: isinstance(e, ModelMissing) + 2 * isinstance(e, Unreachable))


def pull_hint(model: str, host: str) -> str:
    """The command that downloads a model to a host."""
    return f"download it: {_environment(host)}ollama pull {model}"


def log_hint(host: str) -> str:
    """Where to read why a server failed."""
    return f"see the log of `ollama serve`{'' if is_loopback(host) else ' on that machine'}"


def _of_response(error: ollama.ResponseError, where: str, host: str, model: str) -> ModelError:
    said = " ".join(str(error.error).split())[:_LONGEST_QUOTE]
    if error.status_code == 404 and re.search(r"model .*not found", said):
        return ModelMissing(f"{where} has no model {model!r}", pull_hint(model, host))
    if error.status_code in (404, 405) or 0 < error.status_code < 400:
        return Unreachable(f"{host} answers, but not as Ollama does", _address_hint())
    if re.search(r"exceed.*context", said):
        return PromptTooLong(
            f"{where} refuses the prompt: {said}", "translate a smaller part, or raise the context"
        )
    if "memory" in said:
        return ServerFailed(f"{where} failed: {said}", "use a smaller model or a smaller context")
    return ServerFailed(f"{where} failed: {said or error.status_code}", log_hint(host))


def _start_hint(host: str) -> str:
    if is_loopback(host):
        command = f"{_environment(host)}ollama serve"
        return f"start it: {command} (to install it: https://ollama.com/download)"
    return "see on that machine whether `ollama serve` runs and listens (OLLAMA_HOST=0.0.0.0)"


def _environment(host: str) -> str:
    """What has to stand before Ollama's own commands so that they mean a host."""
    return "" if host == DEFAULT_HOST else f"OLLAMA_HOST={host} "


def _address_hint() -> str:
    return f"see whether the host is that of an Ollama server, such as {DEFAULT_HOST}"
