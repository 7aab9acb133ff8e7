"""A migration for people: a table, a closing line, and the exit status."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table

from tojax.nouns import MigratedFile, Migration, Verdict

_STYLES = {"translated": "green", "partial": "yellow", "copied": "dim", "failed": "red"}
_PLURALS = {"verified": "verified", "differs": "differ", "error": "with errors"}


def exit_status(migration: Migration) -> int:
    """2 if a file failed or could not be compared, 1 if one differs, 3 if something is unresolved."""
    verdicts = [verdict.status for file in migration.files for verdict in file.verdicts]
    if "error" in verdicts or any(file.state == "failed" for file in migration.files):
        return 2
    if "differs" in verdicts:
        return 1
    return 3 if any(file.unresolved for file in migration.files) else 0


def print_summary(migration: Migration, console: Console) -> None:
    """Print every Python file with what became of it, and the sums; plain text in a pipe."""
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for heading in ("File", "State", "Verified", "Notes"):
        table.add_column(heading, overflow="fold")
    shown = [file for file in migration.files if _is_shown(file)]
    for file in shown:
        state = f"[{_STYLES[file.state]}]{file.state}[/]"
        table.add_row(file.path, state, _verified(file), "\n".join(_notes(file)))
    console.print(table)
    console.print(_closing_line(migration, len(migration.files) - len(shown)))
