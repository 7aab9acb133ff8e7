"""What goes to a model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass


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
    """How far a download is; ``total`` is 0 (bytes) where the server does not say."""

    status: str
    completed: int
    total: int


def full_name(model: str) -> str:
    """A model's name with its tag, which is ``latest`` where none is given."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"
