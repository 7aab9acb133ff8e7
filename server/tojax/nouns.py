"""The four nouns that every part of tojax passes around: Finding, Translation, Verdict, Migration.

All are frozen and JSON-serialisable (``model_dump_json``). Positions count lines and columns from
zero, columns in Unicode code points; `tojax.source.positions` converts for editors.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True)


class Position(_Noun):
    """A place in a text: zero-based line and column (code points)."""

    line: int
    column: int


class Range(_Noun):
    """A stretch of text; ``end`` is exclusive."""

    start: Position
    end: Position


class Severity(StrEnum):
    """How strongly a finding asks for attention, weakest first."""

    HINT = "hint"
    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


class Finding(_Noun):
    """A known pitfall (or a syntax error) met in a source text."""

    code: str
    title: str
    message: str
    severity: Severity
    range: Range
    name: str = ""
    filename: str | None = None


class Unresolved(_Noun):
    """A construct that was left as it was; ``range`` is its place in the original text."""

    code: str
    name: str
    reason: str
    range: Range


class Rung(StrEnum):
    """The verification ladder, lowest rung first."""

    NOTHING = "nothing"
    PARSES = "parses"
    IMPORTS = "imports"
    BUILDS = "builds"
    RUNS = "runs"
    OUTPUTS = "outputs match"
    GRADIENTS = "gradients match"
    JITS = "jits"
    TRAINING = "training step matches"

    @property
    def height(self) -> int:
        """Zero-based place on the ladder, so that rungs compare by height."""
        return list(Rung).index(self)


class Evidence(_Noun):
    """What was seen at one rung. ``not applicable`` rungs (no float inputs, say) do not block."""

    rung: Rung
    outcome: Literal["passed", "failed", "not applicable"]
    detail: str = ""


class Verdict(_Noun):
    """How far up the ladder the JAX version of one target got, with evidence.

    ``status``: ``verified`` (every applicable rung passed), ``differs`` (a rung failed),
    ``unverified`` (nothing to compare with: no inputs, or a random draw that cannot be replayed),
    ``error`` (the PyTorch side itself failed, a worker died, time or memory ran out).
    ``parts`` holds one verdict per target where a file or a workspace has several; the whole then
    reports the weakest. Seconds are medians of one call, ``torch_seconds`` and ``jax_seconds``.
    A ``message`` of one that is verified says what else is not compared.
    ``unreached`` names methods (``Net.sample``) and lines (``lines 12-14``) of the PyTorch version
    that no run reached: of those nothing is known.
    """

    target: str
    status: Literal["verified", "differs", "unverified", "error"]
    rung: Rung
    evidence: tuple[Evidence, ...] = ()
    device: str = "cpu"
    failing_input: str | None = None
    message: str = ""
    tolerance: str = ""
    torch_seconds: float | None = None
    jax_seconds: float | None = None
    unreached: tuple[str, ...] = ()
    parts: tuple[Verdict, ...] = ()


class Origin(_Noun):
    """Who wrote the lines from ``start`` to ``end`` (zero-based, exclusive) of a translation."""

    start: int
    end: int
    by: Literal["rules", "model"]


class Translation(_Noun):
    """JAX source for one file, what stayed unresolved, and the rules that fired (PyTorch names).

    Where a model was asked for, ``origins`` covers every line of the code, ``verdict`` is that of
    the code as it stands here, by a run of its own after all drafting, and ``note`` tells people
    how the model did.
    """

    code: str
    unresolved: tuple[Unresolved, ...] = ()
    rules: tuple[str, ...] = ()
    filename: str | None = None
    origins: tuple[Origin, ...] = ()
    verdict: Verdict | None = None
    note: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing was left unresolved."""
        return not self.unresolved


class MigratedFile(_Noun):
    """One file of a migration: ``path`` is relative to the migrated folder."""

    path: str
    state: Literal["translated", "partial", "copied", "failed"]
    unresolved: tuple[Unresolved, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    error: str | None = None


class Migration(_Noun):
    """A whole folder, migrated: what happened to each file."""

    source: str
    destination: str
    files: tuple[MigratedFile, ...] = ()
