"""``tojax serve``."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    tcp: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Listen on this port of 127.0.0.1.")
    ] = None,
) -> None:
    """Run the language server, by default on standard input and output."""
    from tojax.lsp.transport import serve_stdio, serve_tcp

    if tcp is None:
        serve_stdio()
    else:
        serve_tcp(tcp)
