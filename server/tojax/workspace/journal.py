"""The verdicts of a migration by content, kept beside its output so that it can be resumed."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tojax.files import write_atomically
from tojax.nouns import Verdict

_Entries = TypeAdapter(dict[str, list[Verdict]])


class Journal:
    """Content key → verdicts, on disk after every change.

    Args:
        path: the file.
        keep: go on with what it holds; else start afresh.
    """

    def __init__(self, path: Path, *, keep: bool) -> None:
        self._path = path
        self._entries: dict[str, list[Verdict]] = {}
        if keep:
            # No journal, or one of another version: everything is verified again.
            with contextlib.suppress(OSError, ValidationError):
                self._entries = _Entries.validate_json(path.read_bytes())

    def verdicts(self, key: str) -> list[Verdict] | None:
        """What was found for this content, if it was looked at."""
        return self._entries.get(key)

    def record(self, key: str, verdicts: list[Verdict]) -> None:
        """Remember what was found."""
        self._entries[key] = verdicts
        write_atomically(self._path, _Entries.dump_json(self._entries))


def content_key(
    path: str, reach: Iterable[str], sides: Iterable[Mapping[str, str]], environment: str
) -> str:
    """A key that changes with anything that the verdict on a file rests on.

    Args:
        path: the file.
        reach: the files that it imports, itself included.
        sides: path → text of the PyTorch side and of the JAX side.
        environment: whatever else counts.
    """
    texts = [[(other, side.get(other)) for other in sorted(reach)] for side in sides]
    return hashlib.sha256(json.dumps([path, texts, environment]).encode()).hexdigest()
