"""`tojax.translate`, `tojax.apply` and `tojax.openJax`, and what happens after an acceptance."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tojax.lsp.edits import workspace_edit
from tojax.lsp.failures import Failure, invalid
from tojax.lsp.features.verify import verify_in_background
from tojax.lsp.translations import jax_uri

if TYPE_CHECKING:
    from tojax.lsp.commands import Call
    from tojax.lsp.server import TojaxServer

TRANSLATE, APPLY, APPLIED, OPEN = (
    "tojax.translate",
    "tojax.apply",
    "tojax.applied",
    "tojax.openJax",
)


def register(server: TojaxServer) -> None:
    """Wire the commands about one document."""

    @server.command(TRANSLATE)
    async def translate(call: Call) -> dict[str, Any]:
        proposal = await server.translations.propose(call.uri, call.name)
        return {
            "uri": proposal.uri,
            "version": proposal.version,
            "text": proposal.text,
            "target": proposal.target,
            "unresolved": proposal.unresolved,
            "rules": proposal.rules,
        }

    @server.command(APPLY)
    async def apply(call: Call) -> dict[str, Any]:
        uri, name = call.uri, call.name
        proposal = await server.translations.propose(uri, name)
        edit = workspace_edit(server, proposal.changes, proposal.versions)
        params = types.ApplyWorkspaceEditParams(edit, "Translate to JAX")
        answer = await asyncio.shield(server.workspace_apply_edit_async(params))
        if not answer.applied:
            raise Failure(answer.failure_reason or "the editor did not apply the edit")
        accepted(server, uri, name)
        return {"target": proposal.target}

    @server.command(APPLIED)
    async def applied(call: Call) -> None:
        accepted(server, call.uri, call.name)

    @server.feature("tojax/accepted")
    def accepted_notification(params: Any) -> None:
        if isinstance(params, dict) and isinstance(params.get("uri"), str):
            name = params.get("name")
            accepted(server, params["uri"], name if isinstance(name, str) else None)

    @server.command(OPEN)
    async def open_jax(call: Call) -> dict[str, Any]:
        target = existing_target(server, call.uri)
        if target is None:
            raise invalid(f"{call.uri} has no JAX version yet")
        if server.supports("window.show_document.support"):
            params = types.ShowDocumentParams(target, take_focus=True)
            await asyncio.shield(server.window_show_document_async(params))
        return {"target": target}


def existing_target(server: TojaxServer, uri: str) -> str | None:
    """The sibling file with the JAX version, if there is one."""
    target = jax_uri(uri)
    if target is None:
        return None
    path = server.path(target)
    is_there = server.unit(target) is not None or (path is not None and path.is_file())
    return target if is_there else None


def accepted(server: TojaxServer, uri: str, name: str | None) -> None:
    """A translation was written: verify it, if that is wanted."""
    if server.trusted and server.settings(uri).verify_automatic:
        verify_in_background(server, uri, name)
