"""The server of one connection: its state, and the features wired to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from tojax.lsp.analysis import Analyses, Analysis
from tojax.lsp.documents import Document, Text, Workspace, read_file
from tojax.lsp.failures import invalid
from tojax.lsp.features import FEATURES
from tojax.lsp.folder_findings import FolderFindings
from tojax.lsp.folders import Folders
from tojax.lsp.jobs import Jobs
from tojax.lsp.pages import prepare
from tojax.lsp.protocol import Protocol, converter
from tojax.lsp.settings import Settings
from tojax.lsp.translations import Translations
from tojax.lsp.units import Part, Unit, file_unit, notebook_unit
from tojax.lsp.verdicts import Verdicts
from tojax.lsp.workers import Workers

logger = logging.getLogger(__name__)

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithCells(
            cells=[types.NotebookCellLanguage(language="python")],
        )
    ],
    save=False,
)


class TojaxServer(LanguageServer):
    """What one client is served with."""

    protocol: Protocol

    def __init__(self) -> None:
        from tojax.lsp.version import VERSION

        super().__init__(
            "tojax",
            VERSION,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
            converter_factory=converter,
        )
        self.options: dict[str, Any] = {}
        self.trusted = True
        self.analyses = Analyses(self.unit)
        self.folders = Folders(self)
        self.folder_findings = FolderFindings(self)
        self.jobs = Jobs(self)
        self.workers = Workers(self._worker_died)
        self.translations = Translations(self)
        self.verdicts = Verdicts(self)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._latest: dict[str, asyncio.Task[Any]] = {}
        self._told: set[str] = set()
        self._logged: set[str] = set()
        self._units: dict[str, Unit] = {}
        self._closers: list[Any] = [self.analyses.close, self.workers.close]

        @self.feature(types.INITIALIZE)
        def initialize(params: types.InitializeParams) -> None:
            self._initialize(params)

        for feature in FEATURES:
            feature(self)

    def _initialize(self, params: types.InitializeParams) -> None:
        workspace = self.protocol._workspace
        assert workspace is not None
        folders = list(workspace.folders.values())
        if not folders and workspace.root_uri:
            folders = [types.WorkspaceFolder(workspace.root_uri, "")]
        self.protocol._workspace = Workspace(
            workspace.root_uri,
            types.TextDocumentSyncKind.Incremental,
            folders,
            workspace.position_encoding,
        )
        options = params.initialization_options
        self.options = options if isinstance(options, dict) else {}
        self.trusted = self.options.get("trusted") is not False

    # texts

    @property
    def encoding(self) -> str:
        """The unit of columns in the protocol."""
        encoding = self.workspace.position_encoding
        return str(getattr(encoding, "value", encoding))

    def unit(self, uri: str) -> Unit | None:
        """The open file or notebook with this URI, or the notebook of this cell, as it is now."""
        notebook = self.workspace.get_notebook_document(notebook_uri=uri, cell_uri=uri)
        if notebook is None:
            notebook = self.workspace.get_notebook_document(cell_uri=uri)
        if notebook is None:
            text = self._open_text(uri)
            fresh = None if text is None else file_unit(text)
        else:
            cells = [
                text
                for cell in notebook.cells
                if cell.kind == types.NotebookCellKind.Code
                and (text := self._open_text(cell.document)) is not None
            ]
            fresh = notebook_unit(notebook.uri, cells)
        if fresh is None:
            return None
        known = self._units.get(fresh.uri)
        if known is not None and known.key == fresh.key and known.parts == fresh.parts:
            return known
        self._units[fresh.uri] = fresh
        return fresh

    def _open_text(self, uri: str) -> Text | None:
        document = self.workspace.text_documents.get(_unquoted(uri))
        return document.snapshot if isinstance(document, Document) else None

    def located(self, uri: str) -> tuple[Unit, Part]:
        """An open document and the unit that it belongs to.

        Raises:
            Failure: it is not open.
        """
        unit = self.unit(uri)
        part = unit.part_of(uri) if unit is not None else None
        if unit is None or part is None:
            raise invalid(f"{uri} is not open")
        return unit, part

    def text(self, uri: str) -> Text | None:
        """A text that is open, or else the file."""
        return self._open_text(uri) or read_file(uri, self.encoding)

    def open_units(self) -> list[Unit]:
        """Everything that is open."""
        units = {}
        for document in list(self.workspace.text_documents.values()):
            unit = self.unit(document.uri)
            if unit is not None:
                units[unit.uri] = unit
        return list(units.values())

    def closed(self, uri: str) -> None:
        """Forget a unit."""
        self._units.pop(uri, None)
        self.analyses.forget(uri)
        self.verdicts.forget(uri)

    async def analysis(self, unit: Unit) -> Analysis:
        """The analysis of a unit with its folder's own bug files.

        Raises:
            Failure: the text changed meanwhile.
        """
        bugs = self.folders.own_bugs(unit.uri)
        analysis = await self.analyses.of(unit, bugs)
        self.latest("pages", prepare(self.analyses, analysis))
        return analysis

    def settings(self, uri: str) -> Settings:
        """The settings of the folder that a document is in."""
        return self.folders.settings(uri)

    def path(self, uri: str) -> Path | None:
        """The path of a file URI."""
        path = to_fs_path(uri)
        return None if path is None else Path(path)

    # work beside the messages

    def background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine that nobody waits for; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def latest(self, key: str, work: Coroutine[Any, Any, Any]) -> None:
        """Run a coroutine in place of the one with the same key, if that still runs."""
        earlier = self._latest.get(key)
        if earlier is not None:
            earlier.cancel()
        self._latest[key] = task = self.background(work)

        def done(_: object) -> None:
            if self._latest.get(key) is task:
                del self._latest[key]

        task.add_done_callback(done)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.info("in the background: %s", error)

    def at_close(self, close: Any) -> None:
        """Call something when the client is gone."""
        self._closers.append(close)

    def close(self) -> None:
        """The client is gone: end everything that runs for it."""
        for task in list(self._tasks):
            task.cancel()
        for close in reversed(self._closers):
            close()

    # what people are told

    def tell(self, message: str, kind: types.MessageType = types.MessageType.Warning) -> None:
        """Show a message."""
        self.window_show_message(types.ShowMessageParams(kind, message))

    def tell_once(self, message: str) -> None:
        """Show a message, unless it was shown before."""
        if message not in self._told:
            self._told.add(message)
            self.tell(message)

    def log(self, message: str) -> None:
        """Write to the client's output channel."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, message))

    def _worker_died(self, message: str) -> None:
        self.tell(f"{message}; it starts again when it is needed")

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log what went wrong inside, each thing once; requests have got their answer."""
        text = str(error)
        if not isinstance(error, JsonRpcException) or isinstance(error, JsonRpcInternalError):
            if text not in self._logged:
                self._logged.add(text)
                details = getattr(error, "data", None) or ""
                logger.error("%s: %s %s", getattr(source, "__name__", source), text, details)

    def supports(self, path: str) -> Any:
        """A capability of the client's by its dotted name, None if it does not tell."""
        value: Any = self.client_capabilities
        for name in path.split("."):
            value = getattr(value, name, None)
            if value is None:
                return None
        return value


def _unquoted(uri: str) -> str:
    from urllib.parse import unquote

    return unquote(uri)
