"""Answers to requests that have no result."""

from __future__ import annotations

from pygls.exceptions import JsonRpcException

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INVALID_PARAMS = -32602
NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803
CANCELLED = -32800
CONTENT_MODIFIED = -32801


class Failure(JsonRpcException):
    """An answer to a request that says why there is no result."""

    def __init__(self, message: str, code: int = REQUEST_FAILED) -> None:
        super().__init__(message=message, code=code)


def invalid(message: str) -> Failure:
    """The answer to parameters that make no sense."""
    return Failure(message, INVALID_PARAMS)
