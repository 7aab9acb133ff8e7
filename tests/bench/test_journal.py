"""The journal: nothing is lost, nothing is mixed, and what is damaged is not glossed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.records import PLAN, judgement, sample, start, version
from tojax.bench.journal import Journal, JournalError

ENTRIES = [
    start("one"),
    sample("one", "baseline", 1, version(False), version(True)),
    judgement("fixcost", ("shape",)),
    judgement("fixcost", (), number=2),
    judgement("comparison", None, swapped=True),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with some entries."""
    found = tmp_path / "out" / "journal.jsonl"
    with Journal(found, PLAN, resume=False) as journal:
        for entry in ENTRIES:
            journal.add(entry)
    return found


def test_what_was_added_is_there_again(path: Path) -> None:
    with Journal(path, PLAN, resume=True) as journal:
        assert list(journal.entries.values()) == ENTRIES
        assert set(journal.entries) == {entry.key for entry in ENTRIES}


def test_resuming_what_is_not_there_starts(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl", PLAN, resume=True) as journal:
        assert not journal.entries


def test_each_record_is_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path, PLAN, resume=False) as journal:
        for number, entry in enumerate(ENTRIES, start=2):
            journal.add(entry)
            assert path.read_bytes().count(b"\n") == number


def test_a_line_that_was_cut_off_is_done_again(path: Path) -> None:
    whole = path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for cut in range(1, last + 1):
        path.write_bytes(whole[:-cut])
        with Journal(path, PLAN, resume=True) as journal:
            assert list(journal.entries.values()) == ENTRIES[:-1]
            journal.add(ENTRIES[-1])
        assert path.read_bytes() == whole


def test_another_plan_is_refused_and_the_file_stays(path: Path) -> None:
    whole = path.read_bytes()
    other = PLAN.model_copy(update={"samples": 3, "seed": 9})
    with pytest.raises(JournalError, match="other samples, seed"):
        Journal(path, other, resume=True)
    with pytest.raises(JournalError, match="--resume"):
        Journal(path, PLAN, resume=False)
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda lines: [lines[0], b"{}\n", *lines[1:]], "2: not a record"),
        (lambda lines: [*lines, lines[-1]], "7: a record that is there already"),
        (lambda lines: lines[1:], "1: the plan of the experiment is missing"),
    ],
)
def test_a_damaged_journal_is_refused(path: Path, damage: object, message: str) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(damage(lines)))  # type: ignore[operator]
    with pytest.raises(JournalError, match=message):
        Journal(path, PLAN, resume=True)
