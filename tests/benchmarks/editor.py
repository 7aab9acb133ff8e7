"""A client for measurements: messages over standard input and output, and the time they take."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.process import environment


class Editor:
    """A client of a server process of its own. Answers what the server asks with null."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tojax", "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        self._number = 0
        self.versions: dict[str, int] = {}
        self.answers: dict[int, dict[str, Any]] = {}

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.notify("exit", None)
        self._process.wait(10)

    def _send(self, **content: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _received(self) -> tuple[bytes, float]:
        """The body of the next message, and when it was here."""
        output = self._process.stdout
        assert output is not None
        length = 0
        while (line := output.readline()) != b"\r\n":
            assert line, "the server has ended"
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = output.read(length)
        return body, time.perf_counter()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send(method=method, params=params)

    def start(self, method: str, params: Any) -> int:
        """Send a request; its answer comes to `answers`."""
        self._number += 1
        self._send(id=self._number, method=method, params=params)
        return self._number

    def ask(self, method: str, params: Any) -> tuple[Any, float]:
        """The result of a request, and the seconds until it was here.

        Raises:
            RuntimeError: the answer is an error.
        """
        begin = time.perf_counter()
        number = self.start(method, params)
        while True:
            body, end = self._received()
            content = json.loads(body)
            if "method" in content:
                if "id" in content:
                    self._send(id=content["id"], result=None)
            elif content["id"] == number:
                if "error" in content:
                    raise RuntimeError(f"{method}: {content['error']['message']}")
                return content["result"], end - begin
            else:
                self.answers[content["id"]] = content

    def begin(self, root: Path | None = None) -> float:
        """Introduce the client, which pulls diagnostics and resolves code actions.

        Gives the seconds until the answer.
        """
        actions = {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        }
        capabilities = {"textDocument": {"diagnostic": {}, "codeAction": actions}}
        folders = [{"uri": root.as_uri(), "name": root.name}] if root is not None else None
        params = {
            "processId": os.getpid(),
            "capabilities": capabilities,
            "workspaceFolders": folders,
        }
        _, seconds = self.ask("initialize", params)
        self.notify("initialized", {})
        return seconds

    def open(self, uri: str, text: str) -> None:
        """Open a document."""
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def replace(self, uri: str, line: int, start: int, end: int, text: str) -> None:
        """Send an edit within one line."""
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        change = {"range": span(line, start, line, end), "text": text}
        params = {"textDocument": document, "contentChanges": [change]}
        self.notify("textDocument/didChange", params)

    def pull(self, uri: str) -> tuple[list[Any], float]:
        """The diagnostics of a document."""
        params = {"textDocument": {"uri": uri}}
        result, seconds = self.ask("textDocument/diagnostic", params)
        return result["items"], seconds

    def actions(self, uri: str, line: int, column: int) -> tuple[list[Any], float]:
        """The code actions at a place."""
        params = {
            "textDocument": {"uri": uri},
            "range": span(line, column, line, column),
            "context": {"diagnostics": []},
        }
        return self.ask("textDocument/codeAction", params)

    @property
    def resident_bytes(self) -> int:
        """The memory of the server's own process."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    @property
    def processor_seconds(self) -> float:
        """The processor time of the server's own process so far."""
        return sum(_thread_nanoseconds(self._process.pid)) / 1e9


def _thread_nanoseconds(process: int) -> Iterator[int]:
    for thread in Path(f"/proc/{process}/task").iterdir():
        with contextlib.suppress(OSError):
            yield int((thread / "schedstat").read_text().split()[0])


def span(line: int, column: int, end_line: int, end_column: int) -> dict[str, Any]:
    """A range of the protocol."""
    return {
        "start": {"line": line, "character": column},
        "end": {"line": end_line, "character": end_column},
    }
