"""Pitfalls as diagnostics, pushed after edits or pulled by clients that can."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from tojax.lsp.failures import Failure
from tojax.lsp.findings import SOURCE, diagnostics
from tojax.lsp.folder_findings import reports
from tojax.lsp.units import Unit

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer

DEBOUNCE_SECONDS = 0.15


def register(server: TojaxServer) -> None:
    """Wire pulled diagnostics; pushed ones are scheduled by the texts' notifications."""

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=True, identifier=SOURCE
        ),
    )
    async def document(
        params: types.DocumentDiagnosticParams,
    ) -> types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport:
        await server.folders.known()
        unit, part = server.located(params.text_document.uri)
        result = _result_id(server, unit)
        if params.previous_result_id == result:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        analysis = await server.analysis(unit)
        ignored = server.settings(unit.uri).ignore
        items = diagnostics(analysis, part, ignored)
        return types.RelatedFullDocumentDiagnosticReport(items, result_id=result)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        known = {item.uri: item.value for item in params.previous_result_ids}
        await server.folders.known()
        made = await _open_reports(server, known)
        found = await server.folder_findings.update()
        made += [report for report in reports(found, known) if server.unit(report.uri) is None]
        return types.WorkspaceDiagnosticReport(made)


async def _open_reports(
    server: TojaxServer, known: dict[str, str]
) -> list[
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
]:
    reports: list[
        types.WorkspaceFullDocumentDiagnosticReport
        | types.WorkspaceUnchangedDocumentDiagnosticReport
    ] = []
    for unit in server.open_units():
        result = _result_id(server, unit)
        try:
            analysis = await server.analysis(unit)
        except Failure:
            continue  # it changes right now, and is asked for again
        ignored = server.settings(unit.uri).ignore
        for part in unit.parts:
            uri, version = part.text.uri, part.text.version
            if known.get(uri) == result:
                reports.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(uri, result, version)
                )
            else:
                items = diagnostics(analysis, part, ignored)
                reports.append(
                    types.WorkspaceFullDocumentDiagnosticReport(
                        uri, items, version, result_id=result
                    )
                )
    return reports


def _result_id(server: TojaxServer, unit: Unit) -> str:
    """Changes with everything that diagnostics depend on."""
    return f"{hash((unit.key, server.settings(unit.uri))):x}"


def schedule(server: TojaxServer, uri: str, *, at_once: bool = False) -> None:
    """Push diagnostics of a unit soon; an earlier call that still waits is dropped."""
    if _pushes(server):
        delay = 0.0 if at_once else DEBOUNCE_SECONDS
        server.latest(f"diagnostics {uri}", _push(server, uri, delay))


def _pushes(server: TojaxServer) -> bool:
    """Whether the client has to be told; one that pulls would show everything twice."""
    return server.supports("text_document.diagnostic") is None


async def _push(server: TojaxServer, uri: str, delay: float) -> None:
    await asyncio.sleep(delay)
    await server.folders.known()
    unit = server.unit(uri)
    if unit is None:
        return
    try:
        analysis = await server.analysis(unit)
    except Failure:
        return  # the next version is on its way
    ignored = server.settings(unit.uri).ignore
    for part in unit.parts:
        server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                part.text.uri, diagnostics(analysis, part, ignored), part.text.version
            )
        )


def clear(server: TojaxServer, uris: list[str]) -> None:
    """Take back what was pushed for closed documents."""
    if _pushes(server):
        for uri in uris:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


async def push_folders(server: TojaxServer) -> None:
    """Push what is found in files that are not open, where that is wanted."""
    if not _pushes(server):
        return
    for uri, (_, items) in (await server.folder_findings.update()).items():
        if server.unit(uri) is None:
            server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items))


async def refresh(server: TojaxServer) -> None:
    """Everything has to be shown anew."""
    if _pushes(server):
        for unit in server.open_units():
            schedule(server, unit.uri, at_once=True)
        server.latest("folders", push_folders(server))
    elif server.supports("workspace.diagnostics.refresh_support"):
        await asyncio.shield(server.workspace_diagnostic_refresh_async(None))
