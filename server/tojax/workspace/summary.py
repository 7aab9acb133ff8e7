"""A migration for people: a table, what to look at, a closing line, and the exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from tojax.files import PYTHON_SUFFIXES
from tojax.nouns import MigratedFile, Migration, Unresolved, Verdict

_HEADINGS = ("File", "State", "Unresolved", "Verified")
_STYLES = {"translated": "green", "partial": "yellow", "copied": "dim", "failed": "red"}


def exit_status(migration: Migration) -> int:
    """2 if a file failed or could not be run, 1 if one differs, 3 if something is unresolved."""
    outcomes = {verdict.status for file in migration.files for verdict in file.verdicts}
    if "error" in outcomes or any(file.state == "failed" for file in migration.files):
        return 2
    if "differs" in outcomes:
        return 1
    return 3 if any(file.unresolved for file in migration.files) else 0


def print_summary(migration: Migration, console: Console) -> None:
    """Print a row for every Python file, what is wrong, and the sums; aligned text in a pipe."""
    shown = [file for file in migration.files if _is_shown(file)]
    rows = [
        (file.path, file.state, str(len(file.unresolved) or ""), _verified(file)) for file in shown
    ]
    lines = [line for file in shown for line in _problems(file)]
    sums = _sums(migration, len(migration.files) - len(shown))
    if not console.is_terminal:
        print("\n".join([*_aligned([_HEADINGS, *rows]), "", *lines, sums]), file=console.file)
        return
    table = Table(*_HEADINGS, box=box.SIMPLE_HEAD, pad_edge=False)
    for row, file in zip(rows, shown, strict=True):
        table.add_row(*row, style=_STYLES[file.state])
    console.print(table)
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(sums, markup=False, highlight=False)


def unresolved_line(filename: str, unresolved: Unresolved) -> str:
    """``file:line:column: TJnnn reason``, counted from one."""
    start = unresolved.range.start
    place = f"{filename}:{start.line + 1}:{start.column + 1}"
    return f"{place}: {unresolved.code} {unresolved.name}: {unresolved.reason}"


def verdict_line(verdict: Verdict) -> str:
    """One verdict in one line: what, how it went, how far up the ladder, and why."""
    reason = f": {verdict.message}" if verdict.message else ""
    if verdict.status == "verified" and verdict.unreached:
        reason += f"; not run: {', '.join(verdict.unreached)}"
    return f"{verdict.target} {verdict.status} ({verdict.rung.value}, {verdict.device}){reason}"


def _is_shown(file: MigratedFile) -> bool:
    return file.path.endswith(PYTHON_SUFFIXES) or file.state == "failed"


def _verified(file: MigratedFile) -> str:
    """``3 of 4: gradients match``, the rung being the lowest."""
    if not file.verdicts:
        return ""
    verified = [verdict for verdict in file.verdicts if verdict.status == "verified"]
    lowest = min((verdict.rung for verdict in file.verdicts), key=lambda rung: rung.height)
    return f"{len(verified)} of {len(file.verdicts)}: {lowest.value}"


def _problems(file: MigratedFile) -> Iterator[str]:
    if file.error is not None:
        yield file.error
    for unresolved in file.unresolved:
        yield unresolved_line(file.path, unresolved)
    for verdict in file.verdicts:
        if verdict.status != "verified":
            yield f"{file.path}: {verdict_line(verdict)}"


def _sums(migration: Migration, other: int) -> str:
    python = [file for file in migration.files if file.path.endswith(PYTHON_SUFFIXES)]
    states = Counter(file.state for file in migration.files if _is_shown(file))
    parts = [f"{len(python)} Python files: " + ", ".join(f"{n} {s}" for s, n in states.items())]
    outcomes = Counter(verdict.status for file in python for verdict in file.verdicts)
    if outcomes:
        parts.append("verdicts: " + ", ".join(f"{n} {s}" for s, n in outcomes.items()))
    parts.append(f"{other} other files copied to {migration.destination}")
    return "; ".join(parts)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
