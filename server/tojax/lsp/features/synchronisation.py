"""Open, changed and closed texts; settings; trust."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tojax.lsp.features import diagnostics

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer


def register(server: TojaxServer) -> None:
    """Wire the notifications about texts, settings and trust."""

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.background(_start(server))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        diagnostics.schedule(server, params.text_document.uri, at_once=True)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        diagnostics.schedule(server, params.text_document.uri)
        server.verdicts.changed({params.text_document.uri})

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)
        diagnostics.clear(server, [params.text_document.uri])
        server.latest("folders", diagnostics.push_folders(server))

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def notebook_did_open(params: types.DidOpenNotebookDocumentParams) -> None:
        diagnostics.schedule(server, params.notebook_document.uri, at_once=True)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_did_change(params: types.DidChangeNotebookDocumentParams) -> None:
        cells = params.change.cells
        if cells is not None and cells.structure is not None and cells.structure.did_close:
            diagnostics.clear(server, [cell.uri for cell in cells.structure.did_close])
        diagnostics.schedule(server, params.notebook_document.uri)

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook_did_close(params: types.DidCloseNotebookDocumentParams) -> None:
        server.closed(params.notebook_document.uri)
        diagnostics.clear(server, [cell.uri for cell in params.cell_text_documents])

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configuration_changed(params: types.DidChangeConfigurationParams) -> None:
        await update_settings(server, params.settings)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(_: types.DidChangeWorkspaceFoldersParams) -> None:
        await update_settings(server)
        server.latest("folders", diagnostics.push_folders(server))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        if any(change.uri.endswith("/pyproject.toml") for change in params.changes):
            await update_settings(server)
        server.verdicts.changed({change.uri for change in params.changes})
        server.latest("folders", diagnostics.push_folders(server))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(_: types.DidSaveTextDocumentParams) -> None:
        server.latest("folders", diagnostics.push_folders(server))

    @server.feature("tojax/trust")
    def trust(params: Any) -> None:
        server.trusted = isinstance(params, dict) and params.get("trusted") is True


async def _start(server: TojaxServer) -> None:
    """What can wait until the client has its answer."""
    loaded = server.analyses.in_thread(_warm_up)
    settings = server.background(update_settings(server))
    server.background(_watch(server))  # not all clients answer
    server.protocol.to_json = await loaded
    await settings
    server.latest("folders", diagnostics.push_folders(server))


def _warm_up() -> Callable[..., bytes]:
    """Load the engine; gives what writes JSON."""
    from pydantic_core import to_json

    from tojax.lsp.analysis import analyse_unit
    from tojax.lsp.documents import Text
    from tojax.lsp.units import file_unit

    # Most objects live as long as the server: look for garbage less often, and not among these.
    gc.set_threshold(50_000, 10, 5)
    analyse_unit(file_unit(Text("", None, "import torch\ntorch.ones(3).item()\n", "utf-32")), None)
    gc.collect()
    gc.freeze()
    return to_json


async def _watch(server: TojaxServer) -> None:
    """Ask to be told of changed settings and files, where the client can."""
    wanted = []
    if server.supports("workspace.did_change_configuration.dynamic_registration"):
        options = types.DidChangeConfigurationRegistrationOptions(section="tojax")
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        wanted.append(types.Registration("tojax-settings", method, options))
    if server.supports("workspace.did_change_watched_files.dynamic_registration"):
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in ("pyproject.toml", "*.py")]
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        files = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append(types.Registration("tojax-files", method, files))
    if wanted:
        asked = server.client_register_capability_async(types.RegistrationParams(wanted))
        await asyncio.shield(asked)


async def update_settings(server: TojaxServer, pushed: object = None) -> None:
    """Read all settings again and show what depends on them."""
    if await server.folders.update(pushed):
        await diagnostics.refresh(server)
        await server.verdicts.refresh_lenses()
