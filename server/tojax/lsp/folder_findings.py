"""Findings in files that are not open, looked for by a worker process."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.uris import from_fs_path

from tojax.lsp.documents import Place, Text
from tojax.lsp.failures import Failure
from tojax.lsp.findings import shown
from tojax.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer


@dataclass
class _Folder:
    """What was seen of a folder: stamps of its files, and their diagnostics by URI."""

    stamps: dict[str, str] = field(default_factory=dict)
    diagnostics: dict[str, tuple[str, list[types.Diagnostic]]] = field(default_factory=dict)


class FolderFindings:
    """The findings of the folders that are to be checked as a whole."""

    def __init__(self, server: TojaxServer) -> None:
        self._server = server
        self._folders: dict[str, _Folder] = {}

    async def update(self) -> dict[str, tuple[str, list[types.Diagnostic]]]:
        """URI → stamp and diagnostics of every file of these folders; files that went have none."""
        found: dict[str, tuple[str, list[types.Diagnostic]]] = {}
        gone = {uri for folder in self._folders.values() for uri in folder.diagnostics}
        for uri in self._server.folders.uris:
            if self._server.settings(uri).diagnostics_scope == "workspace":
                with contextlib.suppress(Failure, WorkerDied):
                    found |= await self._updated(uri)
            else:
                self._folders.pop(uri, None)
        return {uri: ("", []) for uri in gone - found.keys()} | found

    async def _updated(self, uri: str) -> dict[str, tuple[str, list[types.Diagnostic]]]:
        folder = self._folders.setdefault(uri, _Folder())
        path = self._server.path(uri)
        if path is None:
            return {}
        bugs = self._server.folders.own_bugs(uri)
        params = {
            "folder": str(path),
            "known": folder.stamps,
            "bugs": str(bugs) if bugs is not None else None,
        }
        answer = await self._server.workers.check.call("check_folder", params)
        folder.stamps = answer["seen"]
        for name, item in answer["found"].items():
            file_uri = from_fs_path(name)
            if file_uri is not None:
                made = self._diagnostics(file_uri, item)
                folder.diagnostics[file_uri] = folder.stamps[name], made
        there = {from_fs_path(name) for name in folder.stamps}
        for file_uri in folder.diagnostics.keys() - there:
            del folder.diagnostics[file_uri]
        ignored = self._server.settings(uri).ignore
        return {
            file_uri: (stamp, [item for item in items if item.code not in ignored])
            for file_uri, (stamp, items) in folder.diagnostics.items()
        }

    def _diagnostics(self, uri: str, item: dict[str, Any]) -> list[types.Diagnostic]:
        from tojax.rules.bugs import load_bugs

        text = Text(uri, None, item["source"], self._server.encoding)
        bugs = {bug.code: bug for bug in load_bugs(self._server.folders.own_bugs(uri))}
        return [
            shown(bugs[finding["code"]], text.characters(_place(finding["range"])), finding["name"])
            for finding in item["findings"]
            if finding["code"] in bugs
        ]


def _place(area: dict[str, Any]) -> Place:
    start, end = area["start"], area["end"]
    return start["line"], start["column"], end["line"], end["column"]


def reports(
    found: dict[str, tuple[str, list[types.Diagnostic]]], known: dict[str, str]
) -> Sequence[
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
]:
    """What a client that pulls is told of files that are not open.

    Args:
        found: URI → stamp and diagnostics.
        known: URI → the stamp that the client has.
    """
    full = types.WorkspaceFullDocumentDiagnosticReport
    same = types.WorkspaceUnchangedDocumentDiagnosticReport
    made: list[
        types.WorkspaceFullDocumentDiagnosticReport
        | types.WorkspaceUnchangedDocumentDiagnosticReport
    ] = []
    for uri, (stamp, items) in found.items():
        result = f"{stamp}:{len(items)}"
        if known.get(uri) == result:
            made.append(same(uri, result))
        elif items or uri in known:
            made.append(full(uri, items, result_id=result))
    return made
