"""Bytes to a client that may go away: JSON, lines in chunks, and the faults of both."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.model.ollama_double.answers import Fault

_POLL_SECONDS = 0.02
_FILLER = b"x" * 65536


class ClientGone(Exception):
    """The client closed the connection, or the server is being stopped."""


class Responder(BaseHTTPRequestHandler):
    """What all answers need."""

    protocol_version = "HTTP/1.1"
    server_version = "Ollama"

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def stopping(self) -> bool:
        raise NotImplementedError

    def send_json(self, value: object, status: int = 200) -> None:
        self.send_body(json.dumps(value).encode(), "application/json; charset=utf-8", status)

    def send_body(self, body: bytes, content_type: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_lines(
        self,
        objects: Iterable[Mapping[str, Any]],
        *,
        fault: Fault | None = None,
        delay: float = 0,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Stream objects, one a line; the headers go out with the first."""
        started = False

        def start() -> None:
            nonlocal started
            if not started:
                self.send_response(200)
                self.send_header("Content-Type", "application/x-ndjson")
                self.send_header("Transfer-Encoding", "chunked")
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
            started = True

        for number, each in enumerate(objects):
            if fault is not None and number == fault.after:
                if fault.kind == "error" and not started:
                    self.send_json({"error": fault.message}, 500)
                    return
                if fault.kind not in ("hang", "disconnect"):
                    start()
                self._fail(fault, json.dumps(each))
                return
            self.wait(delay)
            start()
            self._chunk(f"{json.dumps(each)}\n".encode())
        self._chunk(b"")

    def wait(self, seconds: float) -> None:
        """Sleep, unless the client goes away.

        Raises:
            ClientGone: it did.
        """
        end = time.monotonic() + seconds
        while True:
            left = min(max(end - time.monotonic(), 0), _POLL_SECONDS)
            readable, _, _ = select.select([self.connection], [], [], left)
            if self.stopping() or (
                readable and not self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            ):
                raise ClientGone
            if time.monotonic() >= end:
                return
            if readable:  # a pipelined request, which is for later
                time.sleep(left)

    def _fail(self, fault: Fault, line: str) -> None:
        if fault.kind == "error":
            self._chunk(f"{json.dumps({'error': fault.message})}\n".encode())
        elif fault.kind == "cut_line":
            self._chunk(line[: len(line) // 2].encode())
        elif fault.kind == "not_json":
            self._chunk(b"<html>Bad gateway</html>\n")
        elif fault.kind == "hang":
            self.wait(float("inf"))
        elif fault.kind == "endless_line":
            while not self.stopping():
                self._chunk(_FILLER)
        if fault.kind == "disconnect":
            self.close_connection = True
        else:
            self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        """A chunk of the body; an empty one is its end."""
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()
