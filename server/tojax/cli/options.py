"""Options that several verbs have."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Device = Annotated[Literal["auto", "cpu", "cuda"], typer.Option(help="Where to run both versions.")]
Initialisation = Annotated[
    Literal["flax", "torch"] | None,
    typer.Option("--init", help="Like whose layers new parameters start; by default Flax's."),
]
