"""A client that does anything, in any order: nothing breaks, nothing stays unanswered.

TOJAX_FUZZ_EVENTS=20000 TOJAX_FUZZ_SEED=1 pytest tests/lsp/test_fuzz.py
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
import os
import random
import re
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.lsp.session import NET
from tests.process import environment

EVENTS = int(os.environ.get("TOJAX_FUZZ_EVENTS", "1500"))
SEED = int(os.environ.get("TOJAX_FUZZ_SEED", "7"))
BETWEEN_COMPARISONS = 500
SECONDS = 60.0

URIS = [f"file:///project/fuzz{number}.py" for number in range(3)]
TEXTS = [
    NET,
    NET.replace("\n", "\r\n").replace("scale", "größe"),
    "# \N{GRINNING FACE} é\n" + NET.replace("x * torch", "'\N{GRINNING FACE}é', x * torch"),
]
PIECES = [
    *("", "", "\n", "    ", "(", ")", "[", '"', '"""', "#", "\\\n", "\f", "\0", "\r\n", "\r", ":"),
    *("é", "\N{GRINNING FACE}", "e\N{COMBINING ACUTE ACCENT}", "\N{LINE SEPARATOR}", "\ufeff"),
    *("x", "import torch\n", "y[1] = 2\n", "\n    def f(self, x):\n        return x.item()\n"),
    *("\nclass A(nn.Module):\n    pass\n", "torch.ones(3).add_(1)", "# tojax: ignore[TJ101]"),
]
MALFORMED = [
    *(b"{nonsense", b"\xff\xfe", b"[1, 2]", b"null", b'"text"', b"{}", b'{"jsonrpc": "2.0"}'),
    b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}',
    b'{"jsonrpc": "2.0", "id": "unheard", "result": 5}',
    b'{"jsonrpc": "2.0", "method": "no/such", "params": {}}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 3}}',
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 1000000}}',
    b'{"jsonrpc": "2.0", "method": "tojax/accepted", "params": 4}',
]
LINE_END = re.compile(r"\r\n|\r|\n")


class Client:
    """A client of a server process that notes which requests have been answered."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._reading = asyncio.ensure_future(self._read())

    def send(self, body: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def start(self, method: str, params: Any) -> asyncio.Future[dict[str, Any]]:
        """Send a request; the future is its answer."""
        self._number += 1
        message = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        self.waiting[self._number] = future = asyncio.get_running_loop().create_future()
        self.send(json.dumps(message).encode())
        return future

    async def ask(self, method: str, params: Any) -> Any:
        async with asyncio.timeout(SECONDS):
            return (await self.start(method, params))["result"]

    async def answered(self) -> None:
        """Wait until every request has its answer."""
        async with asyncio.timeout(SECONDS):
            while self.waiting:
                await asyncio.wait(self.waiting.values())

    async def _read(self) -> None:
        output = self.process.stdout
        assert output is not None
        while header := await output.readuntil(b"\r\n\r\n"):
            match = re.search(rb"Content-Length: (\d+)", header)
            assert match is not None
            content = json.loads(await output.readexactly(int(match[1])))
            if "method" not in content and content.get("id") in self.waiting:
                self.waiting.pop(content["id"]).set_result(content)
            elif "method" in content and "id" in content:
                answer = {"jsonrpc": "2.0", "id": content["id"], "result": None}
                self.send(json.dumps(answer).encode())

    def open(self, uri: str, text: str, version: int) -> None:
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    async def pull(self, uri: str) -> list[Any]:
        params = {"textDocument": {"uri": uri}}
        items: list[Any] = (await self.ask("textDocument/diagnostic", params))["items"]
        return items


@contextlib.asynccontextmanager
async def _client() -> AsyncIterator[Client]:
    """A client that has introduced itself; the server has to end as it is asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tojax", "serve"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
        limit=1 << 24,
    )
    client = Client(process)
    try:
        capabilities = {"textDocument": {"diagnostic": {}}}
        await client.ask("initialize", {"processId": None, "capabilities": capabilities})
        client.notify("initialized", {})
        yield client
        await client.ask("shutdown", None)
        client.notify("exit", None)
        async with asyncio.timeout(SECONDS):
            assert await process.wait() == 0
    finally:
        client._reading.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


class Fuzz:
    """Does random things to three documents, and keeps the texts that an editor would have."""

    def __init__(self, client: Client, seed: int) -> None:
        self._client = client
        self._random = random.Random(seed)
        self.texts = dict(zip(URIS, TEXTS, strict=True))
        self._version = 1
        for uri, text in self.texts.items():
            client.open(uri, text, 1)

    def step(self) -> None:
        """One random event."""
        kinds = [self._edit, self._ask, self._cancel, self._malformed, self._reopen, self._reset]
        weights = [50, 35, 5, 5, 1, 1]
        (kind,) = self._random.choices(kinds, weights)
        kind(self._random.choice(URIS))

    def reset(self) -> None:
        """Give every document a text that parses: the last one, if it does."""
        for uri, text in self.texts.items():
            if not _parses(text):
                self._reset(uri)

    def _changed(self, uri: str, change: dict[str, Any]) -> None:
        self._version += 1
        document = {"uri": uri, "version": self._version}
        params = {"textDocument": document, "contentChanges": [change]}
        self._client.notify("textDocument/didChange", params)

    def _reset(self, uri: str) -> None:
        self.texts[uri] = text = TEXTS[URIS.index(uri)]
        self._changed(uri, {"text": text})

    def _reopen(self, uri: str) -> None:
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self._version += 1
        self._client.open(uri, self.texts[uri], self._version)

    def _edit(self, uri: str) -> None:
        text = self.texts[uri]
        start = self._place(text)
        end = self._place(text, start + self._random.choice((0, 0, 0, 1, 8, 60)))
        piece = self._random.choice(PIECES)
        area = {"start": _point(text, start), "end": _point(text, end)}
        if self._random.random() < 0.05:  # past the end, which is the end
            start = end = len(text)
            line = text.count("\n") + text.count("\r") + self._random.randrange(1, 10**6)
            area = {"start": {"line": line, "character": 7}, "end": {"line": line, "character": 7}}
        self.texts[uri] = text[:start] + piece + text[end:]
        self._changed(uri, {"range": area, "text": piece})

    def _place(self, text: str, place: int | None = None) -> int:
        """An offset where an editor can be: not between the two halves of a line end."""
        place = self._random.randrange(len(text) + 1) if place is None else min(place, len(text))
        return place + 1 if text[place - 1 : place + 1] == "\r\n" and place else place

    def _position(self, uri: str) -> dict[str, int]:
        choice = self._random.random()
        if choice < 0.1:
            values = (-1, 0, 10**3, 2**31, 2**40)
            line, character = (self._random.choice(values) for _ in range(2))
            return {"line": line, "character": character}
        text = self.texts[uri]
        return _point(text, self._place(text))

    def _ask(self, uri: str) -> None:
        document = {"uri": uri if self._random.random() < 0.95 else "file:///not/open.py"}
        at = {"textDocument": document, "position": self._position(uri)}
        span = {"start": at["position"], "end": self._position(uri)}
        listed = {"textDocument": document, "range": span, "context": {"diagnostics": []}}
        wanted = self._random.choice((None, "Net", "scale", "Net.forward", "missing"))
        translate = {"do": "translate", **document, "name": wanted, "version": self._version}
        ignore = {"do": "ignore", **document, "line": at["position"]["line"], "code": "TJ101"}
        action = self._random.choice((translate, {**ignore, "version": self._version}, 3, {}))
        requests: list[tuple[str, Any, int]] = [
            ("textDocument/hover", at, 8),
            ("textDocument/diagnostic", {"textDocument": document}, 8),
            ("workspace/diagnostic", {"previousResultIds": []}, 1),
            ("textDocument/codeAction", listed, 8),
            ("textDocument/codeLens", {"textDocument": document}, 4),
            ("codeAction/resolve", {"title": "x", "data": action}, 1),
            ("workspace/executeCommand", _command("tojax.translate", document, wanted), 1),
            ("workspace/executeCommand", {"command": "no", "arguments": [[]]}, 1),
            ("textDocument/hover", self._random.choice((None, [], {}, 3, {"position": 1})), 2),
            ("no/such", {}, 1),
        ]
        ((method, params, _),) = self._random.choices(requests, [item[2] for item in requests])
        self._client.start(method, params)

    def _cancel(self, _: str) -> None:
        if self._client.waiting:
            identifier = self._random.choice(list(self._client.waiting))
            self._client.notify("$/cancelRequest", {"id": identifier})

    def _malformed(self, _: str) -> None:
        self._client.send(self._random.choice(MALFORMED))


def _command(name: str, document: dict[str, str], wanted: str | None) -> dict[str, Any]:
    return {"command": name, "arguments": [{**document, "name": wanted}]}


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _point(text: str, offset: int) -> dict[str, int]:
    """A position in UTF-16 units, lines ending as editors end them."""
    lines = LINE_END.split(text[:offset])
    units = lines[-1].encode("utf-16-le", "surrogatepass")
    return {"line": len(lines) - 1, "character": len(units) // 2}


@pytest.mark.slow
@pytest.mark.asyncio
async def test_nothing_breaks_and_nothing_stays_unanswered() -> None:
    async with _client() as client:
        fuzz = Fuzz(client, SEED)
        for number in range(1, EVENTS + 1):
            fuzz.step()
            if number % 20 == 0:
                await client.answered()
            if number % BETWEEN_COMPARISONS == 0:
                fuzz.reset()
                async with _client() as fresh:
                    for uri, text in fuzz.texts.items():
                        fresh.open(uri, text, 1)
                        found, expected = await client.pull(uri), await fresh.pull(uri)
                        assert found == expected, (number, text)
        await client.answered()
        assert client.process.returncode is None
