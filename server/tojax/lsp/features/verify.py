"""`tojax.verify`, and the same in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tojax.lsp.failures import Failure

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
            return await server.verdicts.verify(uri, name, job)


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
    return f"tojax: verifying {name or uri.rpartition('/')[2]}"
