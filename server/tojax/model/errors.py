"""What can go wrong with a model, each as one sentence and the command that helps."""

from __future__ import annotations


class ModelError(Exception):
    """A request to a model that did not end in an answer.

    Args:
        message: one sentence, without a full stop.
        hint: what to run or to change, possibly empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class Unreachable(ModelError):
    """No configured host can be reached, may be used, or is an Ollama server."""


class ModelMissing(ModelError):
    """No reachable host has the model."""


class TimedOut(ModelError):
    """Nothing came for too long, or the whole answer took too long."""


class Cancelled(ModelError):
    """The caller cancelled; the connection is closed, so the server stops too."""


class BadAnswer(ModelError):
    """The answer is empty, oversized, cut off, or not what the API promises."""


class ServerFailed(ModelError):
    """The server reported an error, before or in the middle of the answer."""


class PromptTooLong(ModelError):
    """The prompt does not fit the model's context, or the server cut it to fit."""
