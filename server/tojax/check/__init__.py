"""``check``: source text → findings, the pitfalls of the fixed-bug library that the text meets."""

from __future__ import annotations

from pathlib import Path

from tojax.check.matching import matcher
from tojax.check.suppression import suppressed_lines
from tojax.nouns import Finding, Position, Range, Severity
from tojax.source import analyse

__all__ = ["SYNTAX_ERROR", "check"]

SYNTAX_ERROR = "TJ001"


def check(
    source: str, *, filename: str | None = None, extra_bugs: Path | None = None
) -> list[Finding]:
    """Known pitfalls and syntax errors of one Python text, in order of position.

    A text that does not use PyTorch has no findings but its syntax errors; beside a broken block
    the others are still checked. ``# tojax: ignore`` on a line silences it, and
    ``# tojax: ignore[TJ101, TJ102]`` these codes only.

    Args:
        source: the text.
        filename: what findings call it.
        extra_bugs: a folder with bug files of the user's own, such as ``.tojax/bugs``.

    Raises:
        BugFileError: a file of the user's own is not in the format.
    """
    analysed = analyse(source, filename)
    findings = [_syntax_finding(error, filename) for error in analysed.errors]
    if analysed.uses_torch:
        is_silenced = suppressed_lines(source)
        findings += [
            Finding(
                code=bug.code,
                title=bug.title,
                message=bug.message,
                severity=bug.severity,
                range=construct.range,
                name=construct.name or construct.kind,
                filename=filename,
            )
            for construct in analysed.constructs
            for bug in matcher(extra_bugs).bugs_of(construct)
            if not is_silenced(construct.range, bug.code)
        ]
    findings.sort(key=lambda f: (f.range.start.line, f.range.start.column, f.code))
    return findings


def _syntax_finding(error: SyntaxError, filename: str | None) -> Finding:
    start = Position(line=max((error.lineno or 1) - 1, 0), column=max((error.offset or 1) - 1, 0))
    return Finding(
        code=SYNTAX_ERROR,
        title="Syntax error",
        message=error.msg,
        severity=Severity.ERROR,
        range=Range(start=start, end=Position(line=start.line, column=start.column + 1)),
        name="syntax-error",
        filename=filename,
    )
