"""``tojax doctor``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tojax.cli.options import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def doctor(
    host: Annotated[
        list[str] | None, typer.Option(help="An Ollama server; may be given several times.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model to ask.")] = None,
    as_json: AsJson = False,
) -> None:
    """Look at what is installed, and whether the local model can be asked.

    Exit status: 0 all fine, 1 something is missing.
    """
    from tojax.doctor import diagnose

    checks = diagnose(Path.cwd(), {"host": tuple(host) if host else None, "model": model})
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            print(f"{'ok' if check.ok else 'missing':8}{check.name:{width}}  {check.detail}")
            if check.hint:
                print(f"{'':8}{'':{width}}  {check.hint}")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)
