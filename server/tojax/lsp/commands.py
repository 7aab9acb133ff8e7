"""Commands: how `workspace/executeCommand` reaches the features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from tojax.lsp.failures import invalid


@dataclass(frozen=True)
class Call:
    """One call of a command: its argument object, and the client's progress token if it has one."""

    arguments: dict[str, Any]
    token: types.ProgressToken | None = None

    @property
    def uri(self) -> str:
        """The document that it is about.

        Raises:
            Failure: it is not given.
        """
        return self.text("uri")

    @property
    def name(self) -> str | None:
        """The definition that it is about; None for the whole file.

        Raises:
            Failure: it is no text.
        """
        return self.text("name") if self.arguments.get("name") is not None else None

    def text(self, key: str) -> str:
        """An argument that has to be a text.

        Raises:
            Failure: it is not.
        """
        value = self.arguments.get(key)
        if not isinstance(value, str) or not value:
            raise invalid(f"the argument '{key}' has to be a text")
        return value


def call_of(params: types.ExecuteCommandParams) -> Call:
    """The call that a client asks for.

    Raises:
        Failure: its arguments are not one object.
    """
    arguments: list[Any] = list(params.arguments or [{}])
    if len(arguments) != 1 or not isinstance(arguments[0], dict):
        raise invalid(f"{params.command} takes one object")
    return Call(arguments[0], params.work_done_token)
