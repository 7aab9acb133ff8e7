"""Malformed messages, out-of-range positions, random edits, several clients."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.raw import SECONDS, URI, Raw, ended, started
from tests.lsp.session import NET
from tests.process import environment

pytestmark = pytest.mark.asyncio


async def test_what_is_malformed_is_answered_and_survived() -> None:
    raw, process = await started()
    early = await raw.ask("textDocument/hover", {})
    assert early["error"]["code"] == -32002 or early["error"]["code"] == -32602
    await raw.begin()
    raw.open(URI, NET)
    expected = await raw.pull(URI)
    for body, code in (
        (b"{nonsense", -32700),
        (b"\xff\xfe", -32700),
        (b"[1, 2]", -32600),
        (b"null", -32600),
        (b'"text"', -32600),
        (b'{"jsonrpc": "2.0"}', -32600),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}', -32600),
        (b"[" * 100_000, -32700),
    ):
        raw.send(body)
        assert (await raw.answer(None))["error"]["code"] == code, body[:40]
    document = {"uri": URI}
    for params in (
        None,
        [],
        {},
        {"textDocument": document},
        {"textDocument": document, "position": {"line": -1, "character": 0}},
        {"textDocument": document, "position": {"line": "x", "character": 0}},
        {"textDocument": document, "position": {"line": 10**6, "character": 0}},
        {"textDocument": document, "position": {"line": 2**40, "character": 0}},
        {"textDocument": {"uri": "file:///not/open.py"}, "position": {"line": 0, "character": 0}},
    ):
        answer = await raw.ask("textDocument/hover", params)
        assert answer["error"]["code"] == -32602, params
    for arguments in (None, [], [3], [{}], [{"uri": 3}], [{"uri": URI}, {}], [{"uri": "nowhere:"}]):
        asked = {"command": "tojax.translate", "arguments": arguments}
        assert "error" in await raw.ask("workspace/executeCommand", asked), arguments
    unknown = await raw.ask("workspace/executeCommand", {"command": "rm"})
    assert unknown["error"]["code"] == -32602
    assert (await raw.ask("no/such", {}))["error"]["code"] == -32601
    raw.message(method="no/such", params={})
    raw.message(method="textDocument/didChange", params={"textDocument": 3})
    raw.message(id="unheard", result=5)
    raw.message(method="$/cancelRequest", params={"id": 12345})
    assert (await raw.ask("initialize", {"processId": None, "capabilities": {}}))["error"]
    assert await raw.pull(URI) == expected
    assert await ended(raw, process) == 0


@pytest.mark.parametrize(
    ("capabilities", "introduction"),
    [
        ({"documentSymbol": {"symbolKind": {"valueSet": [1, 99]}}}, {}),
        ({"publishDiagnostics": {"tagSupport": True}}, {}),
        ({"codeAction": {"resolveSupport": {}}}, {}),
        ({}, {"trace": "compact"}),
        ({}, {"clientInfo": {}}),
    ],
)
async def test_what_is_unheard_of_in_an_introduction_is_left_out(
    capabilities: dict[str, Any], introduction: dict[str, Any]
) -> None:
    raw, process = await started()
    text_document = {"hover": {"contentFormat": ["plaintext"]}, **capabilities}
    can = {"textDocument": text_document, "general": {"positionEncodings": ["utf-32"]}}
    params = {"processId": None, "capabilities": can, **introduction}
    answer = await raw.ask("initialize", params)
    assert answer["result"]["capabilities"]["positionEncoding"] == "utf-32"
    raw.open(URI, NET)
    asked = {"textDocument": {"uri": URI}, "position": {"line": 12, "character": 18}}
    hover = await raw.ask("textDocument/hover", asked)
    assert hover["result"]["contents"]["kind"] == "plaintext"
    assert await ended(raw, process) == 0


async def test_half_a_surrogate_pair_is_text_like_any_other() -> None:
    raw, process = await started()
    await raw.begin()
    half = "\ud800"
    raw.open(URI, f"import torch\n\n\ndef f(x):\n    # {half}\n    return torch.relu(x)\n")
    await raw.pull(URI)
    data = {"do": "ignore", "uri": URI, "version": 1, "line": 4, "code": "TJ101"}
    answer = await raw.ask("codeAction/resolve", {"title": "Ignore", "data": data})
    assert half in json.dumps(answer["result"]["edit"], ensure_ascii=False)
    assert await ended(raw, process) == 0


async def test_random_edits_leave_the_text_that_the_client_has() -> None:
    generator = random.Random(5)
    raw, process = await started()
    await raw.begin()
    raw.open(URI, NET)
    text, version = NET, 1
    pieces = [
        "\n",
        "x",
        "y[1] = 2",
        "(",
        ")",
        '"',
        "é",
        "\N{GRINNING FACE}",
        "\r\n",
        "\f",
        "#",
        "  ",
    ]
    position = {"line": 0, "character": 0}
    for step in range(300):
        start, end = sorted(generator.randrange(len(text) + 1) for _ in range(2))
        end = min(end, start + generator.choice((0, 0, 3, 40)))
        if "\r\n" in text[max(start - 1, 0) : end + 1]:
            continue  # no position is between the two
        piece = generator.choice(pieces)
        version += 1
        change = {"range": {"start": _point(text, start), "end": _point(text, end)}, "text": piece}
        text = text[:start] + piece + text[end:]
        raw.message(
            method="textDocument/didChange",
            params={"textDocument": {"uri": URI, "version": version}, "contentChanges": [change]},
        )
        if step % 5 == 0:
            asked = {"textDocument": {"uri": URI}, "position": position}
            answer = await raw.ask("textDocument/hover", asked)
            assert "result" in answer or answer["error"]["code"] == -32801
        if step % 60 == 0:
            text = NET
            version += 1
            raw.message(
                method="textDocument/didChange",
                params={
                    "textDocument": {"uri": URI, "version": version},
                    "contentChanges": [{"text": text}],
                },
            )
    if "\r" not in text:
        text += "\n# the end"
    version += 1
    # Close and open with what the client has: if the server had anything else, they would differ.
    ours = await raw.pull(URI)
    raw.message(method="textDocument/didClose", params={"textDocument": {"uri": URI}})
    raw.open(URI, text.removesuffix("\n# the end"))
    theirs = await raw.pull(URI)
    errors = [[d for d in found if d["code"] == "TJ001"] for found in (ours, theirs)]
    assert errors[0] == errors[1]
    assert await ended(raw, process) == 0


def _point(text: str, offset: int) -> dict[str, int]:
    """A position in UTF-16 units, lines ending as editors end them."""
    lines = re.split(r"\r\n|\r|\n", text[:offset])
    return {"line": len(lines) - 1, "character": len(lines[-1].encode("utf-16-le")) // 2}


async def test_clients_on_tcp_do_not_disturb_each_other() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tojax", "serve", "--tcp", "0"),
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        assert process.stderr is not None
        line = (await process.stderr.readline()).decode()
        host, _, port = line.split()[-1].rpartition(":")
        assert host == "127.0.0.1"
        one, other = [
            Raw(*await asyncio.open_connection(host, int(port), limit=1 << 24)) for _ in range(2)
        ]
        await one.begin()
        await other.begin()
        one.open(URI, NET)
        other.open(URI, "import torch\n")
        assert await one.pull(URI)
        assert await other.pull(URI) == []
        await one.ask("shutdown", None)
        one.message(method="exit")
        assert await other.pull(URI) == []
        other._writer.close()
        third = Raw(*await asyncio.open_connection(host, int(port), limit=1 << 24))
        await third.begin()
        third.open(URI, NET)
        assert await third.pull(URI)
    finally:
        process.kill()
        await process.wait()


async def test_the_server_ends_with_its_input(tmp_path: Path) -> None:
    raw, process = await started()
    await raw.begin()
    raw._writer.close()
    async with asyncio.timeout(SECONDS):
        assert await process.wait() == 1


async def test_the_server_ends_when_it_is_interrupted() -> None:
    # What a shell runs in the background ignores interrupts, and so would what that starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        raw, process = await started()
    finally:
        signal.signal(signal.SIGINT, before)
    await raw.begin()
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(SECONDS):
        assert await process.wait() == 1
