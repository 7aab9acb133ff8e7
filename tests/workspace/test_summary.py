"""The exit status and the table of a migration."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tojax.nouns import (
    MigratedFile,
    Migration,
    Position,
    Range,
    Rung,
    Unresolved,
    Verdict,
)
from tojax.workspace.summary import exit_status, print_summary

START = Position(line=4, column=2)
UNRESOLVED = Unresolved(
    code="TJ002", name="torch.odd", reason="no rule", range=Range(start=START, end=START)
)
VERIFIED = Verdict(target="Net", status="verified", rung=Rung.TRAINING)
DIFFERS = Verdict(target="Head", status="differs", rung=Rung.RUNS, message="by [2]")
ERROR = Verdict(target="Tail", status="error", rung=Rung.NOTHING, message="no such module")
UNVERIFIED = Verdict(target="Rest", status="unverified", rung=Rung.NOTHING)

FINE = MigratedFile(path="fine.py", state="translated", verdicts=(VERIFIED, UNVERIFIED))
PARTIAL = MigratedFile(path="partial.py", state="partial", unresolved=(UNRESOLVED,))
DIFFERENT = MigratedFile(path="different.py", state="translated", verdicts=(VERIFIED, DIFFERS))
NOT_RUN = MigratedFile(path="not_run.py", state="translated", verdicts=(ERROR,))
FAILED = MigratedFile(path="failed.py", state="failed", error="failed.py:1:1: null byte")
DATA = MigratedFile(path="data.json", state="copied")


def migration(*files: MigratedFile) -> Migration:
    return Migration(source="a", destination="b", files=files)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ((FINE, DATA), 0),
        ((FINE, PARTIAL), 3),
        ((PARTIAL, DIFFERENT), 1),
        ((FAILED, PARTIAL, DIFFERENT), 2),
        ((FINE, NOT_RUN), 2),
    ],
)
def test_exit_status(files: tuple[MigratedFile, ...], status: int) -> None:
    assert exit_status(migration(*files)) == status


@pytest.mark.parametrize("is_terminal", [True, False])
def test_everything_to_look_at_is_printed(is_terminal: bool) -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=is_terminal, width=100, color_system=None)
    print_summary(migration(FINE, PARTIAL, DIFFERENT, FAILED, DATA), console)
    text = stream.getvalue()
    for line in (
        "failed.py:1:1: null byte",
        "partial.py:5:3: TJ002 torch.odd: no rule",
        "different.py: Head differs (runs, cpu): by [2]",
    ):
        assert line in text.splitlines()
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "fine.py translated 1 of 2: nothing" in rows
    assert "partial.py partial 1" in rows
    assert "different.py translated 1 of 2: runs" in rows
    assert not [row for row in rows if row.startswith("data.json")]
    assert "\x1b" not in text
