"""A client that sends what it likes, over a real server process."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from typing import Any

from tests.process import environment

SECONDS = 30.0

URI = "file:///project/net.py"


class Raw:
    """A client that knows nothing of the protocol but its messages.

    ``replies`` has what the server is answered, by method; it is null where there is nothing.
    ``asked`` has the methods of what the server asked.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._number = 0
        self.replies: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []

    def send(self, body: bytes) -> None:
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def message(self, **content: Any) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", **content}).encode())

    async def answer(self, identifier: Any) -> dict[str, Any]:
        """The answer with this id; everything before it is skipped."""
        async with asyncio.timeout(SECONDS):
            while True:
                header = await self._reader.readuntil(b"\r\n\r\n")
                match = re.search(rb"Content-Length: (\d+)", header)
                assert match is not None
                content = json.loads(await self._reader.readexactly(int(match[1])))
                if "method" not in content and content.get("id") == identifier:
                    return content  # type: ignore[no-any-return]
                if "method" in content and "id" in content:
                    method = content["method"]
                    self.asked.append(method)
                    self.message(id=content["id"], **self.replies.get(method, {"result": None}))

    async def ask(self, method: str, params: Any) -> dict[str, Any]:
        self._number += 1
        self.message(id=self._number, method=method, params=params)
        return await self.answer(self._number)

    async def begin(self, **capabilities: Any) -> None:
        """Introduce a client that pulls diagnostics and can do what is given."""
        text_document = {"diagnostic": {}, **capabilities.pop("textDocument", {})}
        can = {"textDocument": text_document, **capabilities}
        answer = await self.ask("initialize", {"processId": None, "capabilities": can})
        assert answer["result"]["serverInfo"]["name"] == "tojax"
        self.message(method="initialized", params={})

    def open(self, uri: str, text: str) -> None:
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.message(method="textDocument/didOpen", params={"textDocument": item})

    async def pull(self, uri: str) -> list[Any]:
        answer = await self.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        items: list[Any] = answer["result"]["items"]
        return items


async def started() -> tuple[Raw, asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tojax", "serve"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
        limit=1 << 24,
    )
    assert process.stdin is not None and process.stdout is not None
    return Raw(process.stdout, process.stdin), process


async def ended(raw: Raw, process: asyncio.subprocess.Process) -> int:
    await raw.ask("shutdown", None)
    raw.message(method="exit")
    async with asyncio.timeout(SECONDS):
        return await process.wait()
