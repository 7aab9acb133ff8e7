"""`tojax.verify`, and the same in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lsprotocol import types

from tojax.lsp.failures import Failure
from tojax.lsp.verdict_titles import verdict_title

if TYPE_CHECKING:
    from tojax.lsp.commands import Call
    from tojax.lsp.server import TojaxServer

VERIFY = "tojax.verify"


def register(server: TojaxServer) -> None:
    """Wire verification."""

    @server.command(VERIFY)
    async def verify(call: Call) -> dict[str, Any]:
        uri, name = call.uri, call.name
        server.verdicts.require_trust()
        async with server.jobs.run(_title(uri, name), call.token) as job:
            verdict = await server.verdicts.verify(uri, name, job)
        if not _is_shown(server, uri):
            is_good = verdict["status"] == "verified"
            kind = types.MessageType.Info if is_good else types.MessageType.Warning
            server.tell(f"{name or _file(uri)}: {verdict_title(verdict)}", kind)
        return verdict


def _is_shown(server: TojaxServer, uri: str) -> bool:
    """Whether the verdict stands above a definition, for people to see."""
    has_lenses = server.supports("text_document.code_lens") is not None
    return has_lenses and server.settings(uri).lens_enabled and server.verdicts.are_placed(uri)


def verify_in_background(server: TojaxServer, uri: str, name: str | None) -> None:
    """Verify without anybody waiting, in place of an earlier such verification."""

    async def work() -> None:
        async with server.jobs.run(_title(uri, name)) as job:
            try:
                await server.verdicts.verify(uri, name, job)
            except Failure as error:
                server.log(f"not verified: {error.message}")

    server.latest(f"verify {uri}", work())


def _title(uri: str, name: str | None) -> str:
    return f"tojax: verifying {name or _file(uri)}"


def _file(uri: str) -> str:
    return unquote(uri.rpartition("/")[2])
