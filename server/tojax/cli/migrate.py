"""``tojax migrate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tojax import console
from tojax.cli.options import Device, Initialisation
from tojax.cli.settings import initialisation, lack_of_frameworks

app = typer.Typer(add_completion=False)


@app.command()
def migrate(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="The project.")],
    out: Annotated[Path | None, typer.Option(help="Where to write; by default DIR_jax.")] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Replace the files; keeps .tojax/backup.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also into a non-empty folder, or over changes.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Keep the verdicts on what did not change.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Files to verify at a time.")] = 1,
    init: Initialisation = None,
    device: Device = "auto",
    verify: Annotated[bool, typer.Option(help="Run both versions and compare them.")] = True,
) -> None:
    """Translate a project, copy the rest of its files, and verify what has inputs.

    Exit status: 0 all translated and nothing differs, 1 something differs, 3 something
    is unresolved, 2 error or a file that failed.
    """
    from rich.console import Console

    from tojax.workspace import MigrationError
    from tojax.workspace import migrate as migrate_folder
    from tojax.workspace.summary import exit_status, print_summary

    if in_place and out is not None:
        console.fail("--out and --in-place exclude each other")
    start = initialisation(init, source)
    default = source.resolve().with_name(f"{source.resolve().name}_jax")
    with console.progress_bar("verifying") as on_progress:
        try:
            migration = migrate_folder(
                source,
                source if in_place else out or default,
                force=force,
                in_place=in_place,
                resume=resume,
                jobs=jobs,
                init=start,
                verify=verify,
                device=device,
                on_progress=on_progress,
            )
        except MigrationError as error:
            console.fail(str(error))
        except OSError as error:
            console.fail(f"{error.filename}: {console.os_reason(error)}")
    print_summary(migration, Console())
    if verify and (lack := lack_of_frameworks()):
        print(f"not verified: {lack}", file=sys.stderr)
    raise typer.Exit(exit_status(migration))
