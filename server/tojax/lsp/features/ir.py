"""`tojax.ir`: the jaxpr, StableHLO or optimised HLO of a translated function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tojax.lsp.failures import invalid

if TYPE_CHECKING:
    from tojax.lsp.commands import Call
    from tojax.lsp.server import TojaxServer

IR = "tojax.ir"
FORMS = ("jaxpr", "stablehlo", "hlo")


def register(server: TojaxServer) -> None:
    """Wire the virtual documents of compiled code."""

    @server.command(IR)
    async def ir(call: Call) -> dict[str, Any]:
        form = call.text("form")
        if form not in FORMS:
            raise invalid(f"the argument 'form' has to be one of {', '.join(FORMS)}")
        uri, name = call.uri, call.name
        server.verdicts.require_trust()
        async with server.jobs.run(
            f"tojax: compiling {name or uri.rpartition('/')[2]}", call.token
        ):
            found = await server.verdicts.compiled(uri, name, form)
        return {"text": found["text"]}
