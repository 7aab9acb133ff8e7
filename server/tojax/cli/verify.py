"""``tojax verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from tojax import console
from tojax.cli.options import AsJson, Device
from tojax.cli.settings import need_frameworks
from tojax.files import SourceText

app = typer.Typer(add_completion=False)


@app.command()
def verify(
    torch: Annotated[str, typer.Argument(metavar="TORCH", help="The PyTorch version, or `-`.")],
    jax: Annotated[str, typer.Argument(metavar="JAX", help="The JAX version, or `-`.")],
    device: Device = "auto",
    as_json: AsJson = False,
) -> None:
    """Run a PyTorch file and its JAX version and compare them.

    Exit status: 0 verified, 1 differs, 2 error or nothing to compare.
    """
    from tojax.verify import verify as verify_sources
    from tojax.workspace.summary import verdict_line

    errors = console.Errors()
    sources: list[SourceText] = []
    for name in (torch, jax):
        with errors.collect():
            source = console.read(name)
            console.parse(source)
            sources.append(source)
    errors.fail_if_any()
    need_frameworks()
    verdict = verify_sources(sources[0].text, sources[1].text, device=device)
    if as_json:
        print(verdict.model_dump_json(indent=2))
    else:
        for part in verdict.parts or (verdict,):
            print(verdict_line(part))
            for evidence in part.evidence:
                print(f"  {evidence.rung.value}: {evidence.outcome} {evidence.detail}".rstrip())
    raise typer.Exit({"verified": 0, "differs": 1}.get(verdict.status, 2))
