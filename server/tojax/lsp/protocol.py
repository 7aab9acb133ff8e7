"""JSON-RPC that answers everything: pygls' protocol, strict about what comes in.

A request that cannot be understood gets an error answer, a malformed body one without an id, and
a cancelled request cancels what runs for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import converters, types
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage

from tojax.lsp.block_diagnostics import Diagnostics
from tojax.lsp.commands import call_of
from tojax.lsp.failures import INVALID_PARAMS, INVALID_REQUEST, NOT_INITIALIZED, Failure, invalid
from tojax.lsp.introductions import read_introductions

if TYPE_CHECKING:
    from cattrs import Converter

logger = logging.getLogger(__name__)
_NO_ITEMS = b'"items":[]'


class _Refused:
    """A message that cannot be handled, in place of the message itself."""

    jsonrpc = "2.0"

    def __init__(self, data: dict[str, Any], code: int, message: str) -> None:
        self.data, self.code, self.message = data, code, message


def converter() -> Converter:
    """lsprotocol's converter; parameters of methods that it does not know stay plain data."""
    made = converters.get_converter()
    made.register_structure_hook(JsonRPCRequestMessage, _plain_request)
    made.register_structure_hook(JsonRPCNotification, _plain_notification)
    made.register_structure_hook(types.CodeActionContext, _context)
    read_introductions(made)
    of_any = made.get_unstructure_hook(types.Diagnostic)
    shared: dict[str | int | None, dict[str, Any]] = {}

    def diagnostic_data(item: types.Diagnostic) -> dict[str, Any]:
        """A diagnostic as data. There are hundreds in one message, so what those with the same
        code and message have in common is made once."""
        if item.code not in shared or shared[item.code]["message"] != item.message:
            shared[item.code] = of_any(item)
        return {**shared[item.code], "range": _range_data(item.range), "data": item.data}

    made.register_unstructure_hook(types.Diagnostic, diagnostic_data)
    return made


def _range_data(area: types.Range) -> dict[str, Any]:
    start, end = area.start, area.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }


def _plain_request(data: dict[str, Any], _: type) -> JsonRPCRequestMessage:
    return JsonRPCRequestMessage(data["id"], data["method"], data["jsonrpc"], data.get("params"))


def _plain_notification(data: dict[str, Any], _: type) -> JsonRPCNotification:
    return JsonRPCNotification(data["method"], data["jsonrpc"], data.get("params"))


def _context(data: dict[str, Any], _: type) -> types.CodeActionContext:
    """Without the diagnostics, which are not looked at: other servers have theirs among them."""
    only = data.get("only")
    return types.CodeActionContext([], only=None if only is None else list(map(str, only)))


class Protocol(LanguageServerProtocol):
    """The protocol of one connection."""

    on_cancel: Callable[[Any], None] | None = None
    on_exit: Callable[[int], None] | None = None
    # What writes messages as JSON, once it is loaded: several times as fast as Python's own.
    to_json: Callable[..., bytes] | None = None

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message from its JSON object; one that does not fit its method is refused."""
        if "jsonrpc" not in data:
            return data
        identifier = data.get("id")
        if "id" in data and (not isinstance(identifier, int | str) or isinstance(identifier, bool)):
            if "method" in data or identifier is not None:
                return _Refused({}, INVALID_REQUEST, "the id is neither a number nor a text")
        if "method" in data and not isinstance(data["method"], str):
            return _Refused(data, INVALID_REQUEST, "the method is not a text")
        if "method" not in data and "id" not in data:
            return _Refused(data, INVALID_REQUEST, "neither a method nor an id")
        try:
            return super().structure_message(data)
        except Exception as error:
            reason = _innermost(error)
            logger.info("malformed message: %s", reason)
            return _Refused(data, INVALID_PARAMS, f"malformed parameters: {reason}")

    def handle_message(self, message: Any) -> None:
        """Pass a message on, or answer that it cannot be."""
        if isinstance(message, _Refused):
            self._refuse(message)
        elif not hasattr(message, "jsonrpc"):
            self.answer_nobody(INVALID_REQUEST, "not a JSON-RPC 2.0 message")
        elif self._comes_too_early(message) or self._comes_too_late(message):
            pass
        else:
            super().handle_message(message)

    def _refuse(self, message: _Refused) -> None:
        identifier = message.data.get("id")
        if "method" in message.data and "id" not in message.data:
            return  # a notification has no answer
        if identifier is None or "method" in message.data:
            self._answer_error(identifier, message.code, message.message)
            return
        future = self._request_futures.pop(identifier, None)  # an answer of the client's
        if future is not None and not future.done():
            future.set_exception(Failure(message.message))

    def _comes_too_early(self, message: Any) -> bool:
        """Whether the client has not introduced itself; a request is then answered."""
        method = getattr(message, "method", None)
        if self._workspace is not None or method in (types.INITIALIZE, types.EXIT, None):
            return False
        if hasattr(message, "id"):
            self._answer_error(message.id, NOT_INITIALIZED, "initialize comes first")
        return True

    def _comes_too_late(self, message: Any) -> bool:
        method = getattr(message, "method", None)
        if method == types.INITIALIZE and self._workspace is not None:
            self._answer_error(message.id, INVALID_REQUEST, "initialized already")
            return True
        if self._shutdown and method not in (types.EXIT, None):
            if hasattr(message, "id"):
                self._answer_error(message.id, INVALID_REQUEST, "shutting down")
            return True
        return False

    def _send_data(self, data: Any) -> None:
        if self.to_json is None or self.writer is None:
            super()._send_data(data)
            return
        try:
            body = self._written(data, partial(self.to_json, fallback=self._serialize_message))
        except ValueError:  # text that is no Unicode, such as half a surrogate pair
            super()._send_data(data)
            return
        self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def _written(self, data: Any, encode: Callable[[Any], bytes]) -> bytes:
        """A message as JSON; diagnostics have most of theirs from the time before."""
        report = getattr(data, "result", None)
        items = getattr(report, "items", None)
        if isinstance(items, Diagnostics):
            without = copy(data)
            without.result = copy(report)
            without.result.items = []
            before, place, after = encode(without).partition(_NO_ITEMS)
            if place:
                return b'%b"items":%b%b' % (before, items.json(encode), after)
        return encode(data)

    def answer_nobody(self, code: int, message: str) -> None:
        """The error answer to something that has no id."""
        self._answer_error(None, code, message)

    def _answer_error(self, identifier: Any, code: int, message: str) -> None:
        error = {"code": code, "message": message}
        self._send_data({"jsonrpc": "2.0", "id": identifier, "error": error})

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command; cancelling the request cancels what it does."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise invalid(f"there is no command {params.command}")
        return await handler(call_of(params))

    def _handle_response(
        self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None and future.done():
            self._request_futures.pop(msg_id, None)
            return
        super()._handle_response(msg_id, result, error)

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        if self.on_cancel is not None:
            self.on_cancel(msg_id)
        future = self._request_futures.pop(msg_id, None)
        if future is not None and not future.done():
            future.cancel()

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        """The client is done with this server."""
        if self.on_exit is not None:
            self.on_exit(0 if self._shutdown else 1)


def _innermost(error: BaseException) -> str:
    """The reason at the bottom of nested validation errors, in one line."""
    while True:
        parts = getattr(error, "exceptions", None)
        inner = parts[0] if parts else error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return (" ".join(str(error).split()) or type(error).__name__)[:300]
