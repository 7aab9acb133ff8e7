"""Diagnostics, pushed and pulled, while people type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

import tojax
from tests.lsp.raw import URI, ended, started
from tests.lsp.session import NET, PULL, capabilities, session

pytestmark = pytest.mark.asyncio


def _places(items: Any) -> list[tuple[str, int, int]]:
    return [(item.code, item.range.start.line, item.range.start.character) for item in items]


def _expected(source: str) -> list[tuple[str, int, int]]:
    """What `tojax check` finds."""
    return [(f.code, f.range.start.line, f.range.start.column) for f in tojax.check(source)]


async def test_pushed_diagnostics_say_what_check_says(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET, version=7)
        found = await one.pushed(uri, 7)
        assert _places(found) == _expected(NET)
        item = next(item for item in found if item.code == "TJ101")
        assert item.severity == types.DiagnosticSeverity.Information
        assert item.source == "tojax"
        assert item.code_description and item.code_description.href.startswith("https://")
        related = (item.related_information or [])[0].location
        assert related.uri.startswith("file://") and related.uri.endswith(".md")


async def test_files_without_pytorch_have_none(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("plain.py", "import numpy as np\nx = np.ones(3)\nx[0] = (\n")
        assert await one.pushed(uri, 1) == []


async def test_what_only_moves_data_is_tagged_as_unnecessary(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("a.py", "import torch\n\nx = torch.ones(3).cuda()\n")
        found = await one.pushed(uri, 1)
        tags = {tag for item in found for tag in item.tags or []}
        assert types.DiagnosticTag.Unnecessary in tags


async def test_edits_move_and_remove_diagnostics(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        await one.pushed(uri, 1)
        one.change(uri, 2, (0, 0, 0, 0, "# a comment\n\n"))
        assert _places(await one.pushed(uri, 2)) == _expected(f"# a comment\n\n{NET}")
        one.change(uri, 3, NET.replace("        y[0] = 1\n", ""))
        codes = [code for code, _, _ in _places(await one.pushed(uri, 3))]
        assert "TJ101" not in codes


async def test_only_the_last_of_quick_edits_is_answered(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        await one.pushed(uri, 1)
        for version in range(2, 30):
            one.change(uri, version, (0, 0, 0, 0, "#\n"))
        await one.pushed(uri, 29)
        versions = [p.version for p in one.published if p.uri == uri]
        assert versions[-1] == 29
        assert len(versions) < 8


async def test_a_broken_block_keeps_its_findings_where_they_went(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        before = _places(await one.pushed(uri, 1))
        assert ("TJ101", 11, 8) in before
        one.change(uri, 2, (10, 4, 10, 4, "    if (\n    "))  # in the same class, above it
        after = _places(await one.pushed(uri, 2))
        assert ("TJ101", 12, 8) in after
        assert any(code == "TJ001" for code, _, _ in after)
        one.change(uri, 3, NET)
        assert _places(await one.pushed(uri, 3)) == before


async def test_findings_survive_a_broken_import(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        before = [p for p in _places(await one.pushed(uri, 1)) if p[0] == "TJ101"]
        one.change(uri, 2, (0, 0, 1, 0, "import (torch\n"))
        after = _places(await one.pushed(uri, 2))
        assert [p for p in after if p[0] == "TJ101"] == before


async def test_a_comment_silences_a_line(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        text = NET.replace("y[0] = 1", "y[0] = 1  # tojax: ignore[TJ101]")
        uri = one.open("net.py", text)
        assert _places(await one.pushed(uri, 1)) == _expected(text)
        assert "TJ101" not in [code for code, _, _ in _expected(text)]


async def test_a_closed_file_has_none(tmp_path: Path) -> None:
    async with session(tmp_path) as one:
        uri = one.open("net.py", NET)
        assert await one.pushed(uri, 1)
        identifier = types.TextDocumentIdentifier(uri)
        one.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
        await one.until(lambda: not one.published[-1].diagnostics)


async def test_a_client_that_pulls_is_not_pushed_to(tmp_path: Path) -> None:
    can = capabilities(diagnostic=PULL.diagnostic)
    async with session(tmp_path, can=can) as one:
        uri = one.open("net.py", NET)
        report = await one.pulled(uri)
        assert _places(report.items) == _expected(NET)
        again = await one.pulled(uri, report.result_id)
        assert again.kind == "unchanged"
        one.change(uri, 2, (0, 0, 0, 0, "#\n"))
        changed = await one.pulled(uri, report.result_id)
        assert _places(changed.items) == _expected(f"#\n{NET}")
        assert one.published == []


async def test_the_whole_workspace_is_pulled(tmp_path: Path) -> None:
    can = capabilities(diagnostic=PULL.diagnostic)
    (tmp_path / "closed.py").write_text(NET, encoding="utf-8")
    (tmp_path / "plain.py").write_text("x = 1\n", encoding="utf-8")
    async with session(tmp_path, can=can, settings={"diagnostics": {"scope": "workspace"}}) as one:
        uri = one.open("open.py", f"#\n{NET}")
        await one.pulled(uri)
        await one.command("tojax.translate", uri=uri)  # the settings have arrived by then
        reports = {}
        params = types.WorkspaceDiagnosticParams([])
        found = await one.client.workspace_diagnostic_async(params)
        reports = {report.uri: report for report in found.items}
        assert set(reports) == {uri, one.uri("closed.py")}
        closed = reports[one.uri("closed.py")]
        assert _places(closed.items) == _expected(NET)
        known = [types.PreviousResultId(closed.uri, closed.result_id)]
        again = await one.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams(known))
        kinds = {report.uri: report.kind for report in again.items}
        assert kinds[closed.uri] == "unchanged"


async def test_a_file_that_is_opened_anew_is_looked_at_anew() -> None:
    raw, process = await started()
    await raw.begin()
    raw.open(URI, NET)  # all with the same version
    raw.message(id="first", method="textDocument/diagnostic", params={"textDocument": {"uri": URI}})
    raw.message(method="textDocument/didClose", params={"textDocument": {"uri": URI}})
    raw.open(URI, "import torch\n")
    document = {"textDocument": {"uri": URI}}
    found = await raw.ask("textDocument/diagnostic", document)
    assert found["result"]["items"] == []
    raw.message(method="textDocument/didClose", params=document)
    raw.open(URI, NET)
    known = {"previousResultId": found["result"]["resultId"]}
    again = await raw.ask("textDocument/diagnostic", {**document, **known})
    assert again["result"].get("items")
    assert await ended(raw, process) == 0


@pytest.mark.parametrize("name", ["a b.py", "a%20b.py", "a+b.py"])
async def test_an_open_file_is_reported_once_however_it_is_called(
    tmp_path: Path, name: str
) -> None:
    can = capabilities(diagnostic=PULL.diagnostic)
    (tmp_path / name).write_text(NET, encoding="utf-8")
    async with session(tmp_path, can=can, settings={"diagnostics": {"scope": "workspace"}}) as one:
        uri = one.show(one.uri(name).replace("%2B", "+"), NET)  # as some editors write it
        await one.pulled(uri)  # the settings have arrived by then
        found = await one.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
        assert [(report.uri, report.version) for report in found.items] == [(uri, 1)]


async def test_the_whole_workspace_is_pushed(tmp_path: Path) -> None:
    (tmp_path / "closed.py").write_text(NET, encoding="utf-8")
    async with session(tmp_path, settings={"diagnostics": {"scope": "workspace"}}) as one:
        assert _places(await one.pushed(one.uri("closed.py"))) == _expected(NET)


async def test_folders_come_and_go(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "closed.py").write_text(NET, encoding="utf-8")
    settings = {"diagnostics": {"scope": "workspace"}}
    async with session(tmp_path, folders=[tmp_path / "one"], settings=settings) as one:

        def shown(name: str) -> int | None:
            uri = one.uri(f"{name}/closed.py")
            counts = [len(p.diagnostics) for p in one.published if p.uri == uri]
            return counts[-1] if counts else None

        def change(added: list[str], removed: list[str]) -> None:
            came, went = (
                [types.WorkspaceFolder(one.uri(name), name) for name in names]
                for names in (added, removed)
            )
            event = types.WorkspaceFoldersChangeEvent(came, went)
            params = types.DidChangeWorkspaceFoldersParams(event)
            one.client.workspace_did_change_workspace_folders(params)

        await one.until(lambda: shown("one"))
        change(["two"], [])
        await one.until(lambda: shown("two"))
        change([], ["one", "two"])
        await one.until(lambda: shown("one") == 0 == shown("two"))


async def test_own_bug_files_count(tmp_path: Path) -> None:
    library = Path(tojax.__file__).parents[2] / "rules" / "bugs"
    text = (library / "detach.md").read_text(encoding="utf-8").replace("TJ127", "XX900")
    own = tmp_path / ".tojax" / "bugs"
    own.mkdir(parents=True)
    (own / "mine.md").write_text(text, encoding="utf-8")
    source = NET.replace("return torch.relu(y)", "return torch.relu(y).detach()")
    async with session(tmp_path) as one:
        uri = one.open("net.py", source)
        assert "XX900" in [code for code, _, _ in _places(await one.pushed(uri, 1))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_columns_count_in_the_negotiated_unit(tmp_path: Path, encoding: str) -> None:
    text = 'import torch\ns = "\N{GRINNING FACE}é"; x = torch.ones(3).cuda()\n'
    can = capabilities()
    can.general = types.GeneralClientCapabilities(
        position_encodings=[types.PositionEncodingKind(encoding)]
    )
    async with session(tmp_path, can=can) as one:
        assert one.result and one.result.capabilities.position_encoding == encoding
        uri = one.open("a.py", text)
        before = text.split("\n")[1].partition("torch.ones")[0]
        units = {
            "utf-8": len(before.encode()),
            "utf-16": len(before.encode("utf-16-le")) // 2,
            "utf-32": len(before),
        }[encoding]
        assert [item.range.start.character for item in await one.pushed(uri, 1)] == [units]
        assert "torch.ones" in await one.hover(uri, 1, units)
        assert await one.hover(uri, 1, units - 1) == ""
        one.change(uri, 2, (1, units, 1, units, "0 + "))
        found = await one.pushed(uri, 2)
        assert [item.range.start.character for item in found] == [units + 4]
