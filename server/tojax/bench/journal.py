"""The journal of an experiment: a line for each record, on disk before the next one is made."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from tojax.bench.records import RECORDS, Judgement, Key, Plan, Sample, Start

Entry = Start | Sample | Judgement


class JournalError(Exception):
    """A journal that cannot be used; the text says why, and what to do."""


class Journal:
    """Adds records to a file, and knows those that are there.

    A line that was cut off by a kill is taken off the end.

    Args:
        path: the file.
        plan: what the experiment does.
        resume: go on with the file if it is there.

    Raises:
        JournalError: the file is there but not to be resumed, is damaged, or has another plan.
        OSError: it cannot be read or written.
    """

    def __init__(self, path: Path, plan: Plan, *, resume: bool) -> None:
        self._path = path
        self.entries: dict[Key, Entry] = {}
        if path.exists() and not resume:
            raise JournalError(
                f"{path} holds an experiment: go on with it (--resume), or name another --out"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = self._whole_lines()
        if lines:
            self._read(lines, plan)
        self._file = path.open("ab")
        if not lines:
            self._write(plan)

    def _whole_lines(self) -> list[bytes]:
        if not self._path.exists():
            return []
        data = self._path.read_bytes()
        end = data.rfind(b"\n") + 1
        if end < len(data):
            os.truncate(self._path, end)
        return data[:end].splitlines()

    def _read(self, lines: list[bytes], plan: Plan) -> None:
        for number, line in enumerate(lines, start=1):
            try:
                record = RECORDS.validate_json(line)
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                raise JournalError(f"{self._path}:{number}: not a record: {reason}") from None
            if number == 1:
                self._compare(record, plan)
            elif isinstance(record, Plan) or record.key in self.entries:
                raise JournalError(f"{self._path}:{number}: a record that is there already")
            else:
                self.entries[record.key] = record

    def _compare(self, found: Plan | Entry, plan: Plan) -> None:
        if not isinstance(found, Plan):
            raise JournalError(f"{self._path}:1: the plan of the experiment is missing")
        theirs, ours = found.model_dump(), plan.model_dump()
        changed = [name for name in ours if theirs[name] != ours[name]]
        if changed:
            raise JournalError(
                f"{self._path} holds an experiment with other {', '.join(changed)}: "
                "run it as before, or name another --out"
            )

    def add(self, record: Entry) -> None:
        """Write a record; when this returns, it is on disk."""
        self._write(record)
        self.entries[record.key] = record

    def _write(self, record: Plan | Entry) -> None:
        self._file.write(f"{record.model_dump_json()}\n".encode())
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
