"""A client for tests: pytest-lsp's, over a real server process, with short names."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from tests.process import environment

SECONDS = 30.0

PULL = types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities())

NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        y = self.fc(x)
        y[0] = 1
        return torch.relu(y).sum(1)


def scale(x: torch.Tensor):
    return x * torch.ones(3)


def get_inputs():
    return [torch.randn(2, 4)]


def get_init_inputs():
    return []
"""


def capabilities(**text_document: Any) -> types.ClientCapabilities:
    """A client that can do everything but pull diagnostics."""
    edits = types.WorkspaceEditClientCapabilities(
        document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
    )
    resolved = types.ClientCodeActionResolveOptions(properties=["edit"])
    literals = types.ClientCodeActionLiteralOptions(types.ClientCodeActionKindOptions([]))
    actions = types.CodeActionClientCapabilities(
        code_action_literal_support=literals, data_support=True, resolve_support=resolved
    )
    return types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=edits,
            configuration=True,
            workspace_folders=True,
            code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
        ),
        window=types.WindowClientCapabilities(
            work_done_progress=True,
            show_document=types.ShowDocumentClientCapabilities(support=True),
        ),
        notebook_document=types.NotebookDocumentClientCapabilities(
            types.NotebookDocumentSyncClientCapabilities()
        ),
        text_document=types.TextDocumentClientCapabilities(
            **{
                "code_action": actions,
                "code_lens": types.CodeLensClientCapabilities(),
                **text_document,
            }
        ),
    )


class Session:
    """A client in a workspace of its own."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client, self.root = client, root
        self.published: list[types.PublishDiagnosticsParams] = []
        self.migrations: list[Any] = []
        self.refreshes = 0
        self.applied: list[types.WorkspaceEdit] = []
        self.result: types.InitializeResult | None = None
        self._texts: dict[str, str] = {}

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)

        @client.feature("tojax/migration")
        def migration(params: Any) -> None:
            self.migrations.append(params)

        @client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def refresh(_: Any) -> None:
            self.refreshes += 1

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(_: Any) -> None: ...

        @client.feature(types.WORKSPACE_APPLY_EDIT)
        def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            self.applied.append(params.edit)
            self.apply(params.edit)
            return types.ApplyWorkspaceEditResult(applied=True)

    async def until(self, condition: Callable[[], Any], seconds: float = SECONDS) -> Any:
        """Wait until something holds, and return what it gives."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < end, "it does not come"
            await asyncio.sleep(0.01)
        return value

    # texts

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str, version: int = 1) -> str:
        """Write a file and open it."""
        path = self.root / name
        path.write_text(text, encoding="utf-8", newline="")
        return self.show(path.as_uri(), text, version)

    def show(self, uri: str, text: str, version: int = 1) -> str:
        """Open a text, whether or not there is a file of it."""
        item = types.TextDocumentItem(uri, types.LanguageKind.Python, version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        self._texts[uri] = text
        return uri

    def change(self, uri: str, version: int, *changes: Any) -> None:
        """Send edits: ``(line, column, end line, end column, text)`` or a whole text."""
        identifier = types.VersionedTextDocumentIdentifier(version, uri)
        made = [
            types.TextDocumentContentChangeWholeDocument(change)
            if isinstance(change, str)
            else types.TextDocumentContentChangePartial(_range(*change[:4]), change[4])
            for change in changes
        ]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, made))

    def text(self, uri: str) -> str:
        """What the client has for a document."""
        return self._texts[uri]

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """Apply an edit to the client's own texts, as an editor would for ASCII texts."""
        for change in edit.document_changes or []:
            if isinstance(change, types.CreateFile):
                self._texts.setdefault(change.uri, "")
                continue
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            text = self._texts[uri]
            for part in sorted(
                change.edits, key=lambda e: (e.range.start.line, e.range.start.character)
            )[::-1]:
                start, end = (_offset(text, point) for point in (part.range.start, part.range.end))
                text = text[:start] + part.new_text + text[end:]
            self._texts[uri] = text

    # requests

    async def pushed(
        self, uri: str, version: int | None = None, since: int = 0
    ) -> list[types.Diagnostic]:
        """The diagnostics that the server pushes for a document (and a version of it)."""

        def find() -> types.PublishDiagnosticsParams | None:
            found = [
                p
                for p in self.published[since:]
                if p.uri == uri and (version is None or p.version == version)
            ]
            return found[-1] if found else None

        params = await self.until(find)
        return list(params.diagnostics)

    async def pulled(self, uri: str, previous: str | None = None) -> Any:
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            )
        )

    async def hover(self, uri: str, line: int, character: int) -> str:
        params = types.HoverParams(
            types.TextDocumentIdentifier(uri), types.Position(line, character)
        )
        found = await self.client.text_document_hover_async(params)
        if found is None:
            return ""
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    async def actions(
        self,
        uri: str,
        line: int,
        character: int,
        only: list[Any] | None = None,
        end: tuple[int, int] | None = None,
    ) -> dict[str, types.CodeAction]:
        """The code actions at a place or for a selection, by title."""
        place = _range(line, character, *(end or (line, character)))
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), place, types.CodeActionContext([], only)
        )
        found = await self.client.text_document_code_action_async(params)
        actions = [item for item in found or [] if isinstance(item, types.CodeAction)]
        return {action.title: action for action in actions}

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        return await self.client.code_action_resolve_async(action)

    async def command(self, name: str, /, **arguments: Any) -> Any:
        params = types.ExecuteCommandParams(name, [arguments])
        return await self.client.workspace_execute_command_async(params)

    async def lenses(self, uri: str) -> list[tuple[int, str]]:
        """Line and title of the code lenses."""
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = await self.client.text_document_code_lens_async(params)
        return [(item.range.start.line, item.command.title) for item in found or [] if item.command]


def _range(line: int, column: int, end_line: int, end_column: int) -> types.Range:
    return types.Range(types.Position(line, column), types.Position(end_line, end_column))


def _offset(text: str, point: types.Position) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: point.line]) + point.character


def _converter() -> Any:
    """lsprotocol's converter, with hooks for two unions that it does not tell apart."""
    converter = default_converter()
    kinds = (
        types.NotebookDocumentFilterNotebookType,
        types.NotebookDocumentFilterScheme,
        types.NotebookDocumentFilterPattern,
    )
    union = str | kinds[0] | kinds[1] | kinds[2] | None
    converter.register_structure_hook_func(lambda kind: kind == union, lambda data, _: data)

    def command_or_action(data: Any, _: Any) -> Any:
        is_command = isinstance(data.get("command"), str)
        return converter.structure(data, types.Command if is_command else types.CodeAction)

    converter.register_structure_hook(types.Command | types.CodeAction, command_or_action)
    return converter


def _client() -> LanguageClient:
    client = LanguageClient(converter_factory=_converter)
    own = {types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS}  # of which `Session` keeps all, not the last
    kept = {name: f for name, f in DEFAULT_CLIENT_FEATURES.items() if name not in own}
    register_lsp_features(client, kept)
    return client


@contextlib.asynccontextmanager
async def session(
    root: Path,
    *,
    options: dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    can: types.ClientCapabilities | None = None,
    folders: list[Path] | None = None,
    env: dict[str, str] | None = None,
) -> AsyncIterator[Session]:
    """A server process for the block, and a client that has introduced itself."""
    client = _client()
    command = (sys.executable, "-m", "tojax", "serve")
    await client.start_io(*command, env=environment() if env is None else env)
    one = Session(client, root)
    if settings is not None:
        client.set_configuration({"tojax": settings})
    given = [types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders or [root]]
    params = types.InitializeParams(
        capabilities=can or capabilities(),
        initialization_options=options,
        root_uri=given[0].uri,
        workspace_folders=given,
    )
    one.result = await client.initialize_session(params)
    try:
        yield one
        async with asyncio.timeout(SECONDS):
            await client.shutdown_session()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id(one), signal.SIGKILL)  # a test that failed leaves it running
        await client.stop()


def process_id(one: Session) -> int:
    """The server's process."""
    process = one.client._server
    assert isinstance(process, asyncio.subprocess.Process)
    return process.pid
