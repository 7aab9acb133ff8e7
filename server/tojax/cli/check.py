"""``tojax check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tojax import console
from tojax.cli.settings import own_bugs
from tojax.files import InputError

if TYPE_CHECKING:
    from tojax.nouns import Finding

app = typer.Typer(add_completion=False)


@app.command()
def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders or `-`.")],
    output_format: Annotated[
        Literal["text", "json", "sarif", "github"], typer.Option(help="How to print findings.")
    ] = "text",
) -> None:
    """Find known pitfalls of moving code to JAX.

    Exit status: 0 no findings, 1 findings, 2 error.
    """
    from tojax.check import SYNTAX_ERROR
    from tojax.report import FindingFormat, render_findings

    findings: list[Finding] = []
    errors = console.Errors()
    for name in console.expand(paths, errors):
        with errors.collect():
            findings += _findings(name)
    for finding in findings:
        if finding.code == SYNTAX_ERROR:
            start = finding.range.start
            place = (finding.filename or "", start.line + 1, start.column + 1)
            errors.lines.append(str(InputError(f"syntax error: {finding.message}", *place)))
    if output_format == "text":  # there the error lines say it
        findings = [finding for finding in findings if finding.code != SYNTAX_ERROR]
    console.write(render_findings(findings, FindingFormat(output_format)).encode())
    errors.fail_if_any()
    raise typer.Exit(1 if findings else 0)


def _findings(name: str) -> list[Finding]:
    from tojax.check import check as check_source
    from tojax.rules.bugs import BugFileError

    source = console.read(name)
    try:
        return console.on_source(
            name,
            lambda: check_source(source.text, filename=name, extra_bugs=own_bugs()),
            passing=BugFileError,
        )
    except BugFileError as error:
        console.fail(str(error))
