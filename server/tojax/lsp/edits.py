"""Edits for the editor: versioned, and no larger than what changes."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lsprotocol import types

from tojax.lsp.documents import Text

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer


def workspace_edit(
    server: TojaxServer, changes: dict[str, str], versions: dict[str, int | None]
) -> types.WorkspaceEdit:
    """The edit that gives documents new texts.

    Args:
        server: knows the documents, and what the client can do.
        changes: URI → new text; what does not exist is created.
        versions: URI → version that the text was computed for, where it is open.
    """
    edits: dict[str, list[types.TextEdit]] = {}
    new: list[str] = []
    for uri, text in changes.items():
        old = server.text(uri)
        if old is None:
            new.append(uri)
            start = types.Position(0, 0)
            edits[uri] = [types.TextEdit(types.Range(start, start), text)]
        else:
            edits[uri] = text_edits(old, text)
    resources = server.supports("workspace.workspace_edit.resource_operations")
    # Neovim before 0.8 does not name document changes, but operations come in nothing else.
    if not (server.supports("workspace.workspace_edit.document_changes") or resources):
        return types.WorkspaceEdit(changes=edits)
    operations: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    can_create = types.ResourceOperationKind.Create in (resources or ())
    for uri, parts in edits.items():
        if uri in new and can_create:
            options = types.CreateFileOptions(ignore_if_exists=True)
            operations.append(types.CreateFile(uri, options=options))
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, versions.get(uri))
        operations.append(types.TextDocumentEdit(identifier, list(parts)))
    return types.WorkspaceEdit(document_changes=operations)


def text_edits(old: Text, new: str) -> list[types.TextEdit]:
    """The edits from a text to another: one, over the lines that differ."""
    if old.source == new:
        return []
    before = old.source.splitlines(keepends=True)
    after = new.splitlines(keepends=True)
    head = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        head += 1
    tail = 0
    for one, other in zip(reversed(before[head:]), reversed(after[head:]), strict=False):
        if one != other:
            break
        tail += 1
    start = sum(map(len, before[:head]))
    end = len(old.source) - sum(map(len, before[len(before) - tail :]))
    place = (*_point(old, start), *_point(old, end))
    return [types.TextEdit(old.range(place), "".join(after[head : len(after) - tail]))]


def _point(text: Text, offset: int) -> tuple[int, int]:
    line = bisect_right(text.starts, offset) - 1
    return line, offset - text.starts[line]
