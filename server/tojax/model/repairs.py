"""Repairs that verification confirmed: kept as they were, for `tojax rules harvest` to look at."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from tojax.files import write_atomically
from tojax.model.outcome import Outcome
from tojax.model.task import Task

FOLDER = Path(".tojax/harvest")
_ORIGIN = "harvest:"


class Repair(BaseModel):
    """A version that differed from PyTorch, and the one that was verified in its place.

    ``failure`` is the class of the exception that ended the first, or ``differs``; ``evidence``
    what was told about it; ``origin`` names the PyTorch file that it comes from, of which
    ``source`` may be a part.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    broken: str
    fixed: str
    failure: str
    evidence: str
    origin: str

    @property
    def digest(self) -> str:
        """Tells it from other repairs."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def origin_of(source: str) -> str:
    """The name of a PyTorch source that bugs harvested from it carry; comments do not count."""
    return _ORIGIN + hashlib.sha256(ast.dump(ast.parse(source)).encode()).hexdigest()[:16]


def repair_of(task: Task, outcome: Outcome) -> Repair | None:
    """The repair that ended a loop, if one did: the last version that was run and differed."""
    if outcome.ended != "verified" or outcome.best is None:
        return None
    differing = [
        attempt.evidence
        for attempt in outcome.attempts
        if attempt.evidence.verdict is not None and attempt.evidence.verdict.status == "differs"
    ]
    if not differing:
        return None
    last = differing[-1]
    assert last.verdict is not None
    return Repair(
        source=task.source,
        broken=last.code,
        fixed=outcome.best.code,
        failure=last.failure.error,
        evidence=last.verdict.message,
        origin=origin_of(task.source),
    )


def keep(repair: Repair, folder: Path) -> Path:
    """Write a repair down; the same one twice is one file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{repair.digest}.json"
    write_atomically(path, repair.model_dump_json(indent=1).encode())
    return path


def kept_repairs(folder: Path) -> list[tuple[Path, Repair]]:
    """The repairs of a folder that wait to be looked at; files of another kind are left alone."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append((path, Repair.model_validate_json(path.read_bytes())))
        except ValidationError:
            continue
    return found
