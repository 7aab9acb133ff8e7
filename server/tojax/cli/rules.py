"""The commands below ``tojax rules``."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tojax import console
from tojax.cli.options import AsJson
from tojax.cli.settings import OWN_BUGS, need_frameworks, own_bugs

app = typer.Typer(
    name="rules",
    help="Look at the rule library, and extend it.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def coverage(as_json: AsJson = False) -> None:
    """Say which of PyTorch's public names are translated, left with advice, or unknown."""
    from tojax.coverage import coverage as coverage_of
    from tojax.coverage import table
    from tojax.rules.index import rule_index

    found = coverage_of(rule_index())
    print(json.dumps([asdict(entry) for entry in found], indent=2) if as_json else table(found))


@app.command()
def harvest(
    name: Annotated[str | None, typer.Argument(help="A candidate to show.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Move it to .tojax/bugs.")] = False,
) -> None:
    """List the bugs that confirmed repairs of models showed, show one, or keep it.

    Exit status: 0 done, 2 error.
    """
    from tojax.model.harvest import accept, candidates
    from tojax.model.repairs import FOLDER
    from tojax.rules.bugs import BugFileError

    try:
        _gather_repairs(FOLDER)
        found = {bug.slug: bug for bug in candidates(FOLDER)}
        if name is None:
            print("".join(f"{slug}  {bug.title}\n" for slug, bug in found.items()), end="")
        elif name not in found:
            console.fail(f"there is no candidate '{name}' in {FOLDER}")
        elif keep:
            print(accept(found[name], OWN_BUGS))
        else:
            console.write(found[name].page.encode())
    except BugFileError as error:
        console.fail(str(error))
    except OSError as error:
        console.fail(f"{error.filename}: {console.os_reason(error)}")


def _gather_repairs(folder: Path) -> None:
    """Turn the repairs that wait there into candidates."""
    from tojax.model.harvest import gather
    from tojax.model.repairs import kept_repairs
    from tojax.rules.bugs import load_bugs
    from tojax.verify import verify as verify_sources

    if not kept_repairs(folder):
        return
    need_frameworks()
    bugs = load_bugs(own_bugs())
    for note in gather(folder, bugs, lambda source, jax: verify_sources(source, jax)):
        print(note, file=sys.stderr)
