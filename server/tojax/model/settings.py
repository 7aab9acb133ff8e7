"""Which model to ask, where, and within which limits."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tojax.model.errors import ModelError
from tojax.pyproject import PyprojectError, tool_table

DEFAULT_HOST = "http://127.0.0.1:11434"
_DEFAULT_PORT = 11434
_SCHEME_PORTS = {"http": 80, "https": 443}


class ModelSettings(BaseModel):
    """The table ``[tool.tojax.model]`` of pyproject.toml; flags and the editor go over it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str | tuple[str, ...] = DEFAULT_HOST
    """Ollama servers, asked in this order: the first that has the model answers."""

    model: str = Field(default="qwen2.5-coder:7b", min_length=1)
    alternatives: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Models that may answer instead, in this order, where ``model`` is not pulled."""

    temperature: float = Field(default=0.2, ge=0)
    samples: int = Field(default=1, ge=1)
    """Drafts per round."""

    rounds: int = Field(default=4, ge=1)
    """Draft and repairs, together."""

    budget_seconds: float = Field(default=600, gt=0)
    request_timeout: float = Field(default=300, gt=0)
    """Seconds without a token after which a request is given up. The first one comes only when the
    model is loaded and has read the prompt: minutes, without a GPU."""

    keep_alive: str = "10m"
    """How long the server keeps the model loaded after a request, such as ``10m`` or ``-1``."""

    allow_remote: bool = False
    """Whether source code may go to hosts that are not this machine."""

    @field_validator("host")
    @classmethod
    def _are_hosts(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        hosts = (value,) if isinstance(value, str) else value
        if not hosts:
            raise ValueError("names no host")
        for host in hosts:
            host_url(host)
        return value

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts as URLs, without repetitions."""
        hosts = (self.host,) if isinstance(self.host, str) else self.host
        return tuple(dict.fromkeys(host_url(host) for host in hosts))

    @property
    def models(self) -> tuple[str, ...]:
        """The model and its alternatives, in the order in which they are asked."""
        return tuple(dict.fromkeys((self.model, *self.alternatives)))


def read_model_settings(
    folder: Path | None = None, overrides: Mapping[str, object] | None = None
) -> ModelSettings:
    """The settings for a folder: flags over ``[tool.tojax.model]`` over defaults.

    ``OLLAMA_HOST`` stands in for the default host. Hosts that are not this machine are allowed only
    if a flag or the table names them: the variable is often set for other tools, and source code
    should not follow it unasked.

    Args:
        folder: where to look for pyproject.toml, then in its parents; None for no file.
        overrides: settings from flags or an editor; None values are ignored.

    Raises:
        ModelError: a setting or the file is wrong; the sentence says which.
    """
    given = {**_table(folder), **{k: v for k, v in (overrides or {}).items() if v is not None}}
    named = "host" in given
    from_environment = os.environ.get("OLLAMA_HOST", "").strip()
    if not named and from_environment:
        given["host"] = from_environment
    try:
        settings = ModelSettings.model_validate(given)
    except ValidationError as error:
        raise ModelError(_complaint(error), "see [tool.tojax.model] in README.md") from None
    if named and "allow_remote" not in given:
        settings = settings.model_copy(update={"allow_remote": True})
    return settings


def host_url(host: str) -> str:
    """A host as people write it for Ollama (``gpu:11434``, ``https://gpu``) as a URL.

    An address that a server listens on (``0.0.0.0``) stands for this machine.

    Raises:
        ValueError: it is not a host.
    """
    text = host.strip()
    scheme, separator, _ = text.partition("://")
    if not separator:
        scheme, text = "http", f"http://{text}"
    split = urlsplit(text)
    if scheme not in _SCHEME_PORTS or split.username is not None or not text.isprintable():
        raise ValueError(f"{host!r} is not a host such as {DEFAULT_HOST}")
    default_port = _SCHEME_PORTS[scheme] if separator else _DEFAULT_PORT
    name = split.hostname or "127.0.0.1"
    if _is_unspecified(name):
        name = "127.0.0.1"
    port = split.port or default_port
    return f"{scheme}://{f'[{name}]' if ':' in name else name}:{port}{split.path.rstrip('/')}"


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine, judged without asking a name server."""
    name = urlsplit(url).hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_unspecified(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_unspecified
    except ValueError:
        return False


def _table(folder: Path | None) -> dict[str, object]:
    """``[tool.tojax.model]`` of the nearest pyproject.toml."""
    if folder is None:
        return {}
    try:
        return tool_table(folder, "model")
    except PyprojectError as error:
        raise ModelError(str(error)) from None


def _complaint(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][:1])
    return f"the model setting {name!r} is wrong: {first['msg']}"
