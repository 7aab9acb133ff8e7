"""Findings as the editor's diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from lsprotocol import types

from tojax.lsp.units import Part, Unit

if TYPE_CHECKING:
    from tojax.lsp.analysis import Analysis, Hit
    from tojax.rules.bugs import Bug

SOURCE = "tojax"
SYNTAX_ERROR = "TJ001"
_SEVERITIES = {
    "hint": types.DiagnosticSeverity.Hint,
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


def diagnostics(analysis: Analysis, part: Part, ignored: frozenset[str]) -> list[types.Diagnostic]:
    """What to show in one document of an analysed unit, without the ignored codes."""
    unit = analysis.unit
    last = part.first + len(part.text.lines)
    found = [
        types.Diagnostic(
            unit.range(part, place),
            f"syntax error: {message}; this block is not checked",
            types.DiagnosticSeverity.Error,
            SYNTAX_ERROR,
            source=SOURCE,
        )
        for place, message in analysis.errors
        if part.first <= place[0] < last
    ]
    for hit in analysis.hits:
        if part.first <= hit.construct.place[0] < last and hit.bug.code not in ignored:
            found.append(diagnostic(unit, part, hit))
    return found


def diagnostic(unit: Unit, part: Part, hit: Hit) -> types.Diagnostic:
    """One pitfall in a document."""
    return shown(hit.bug, unit.range(part, hit.construct.place), hit.construct.name)


def shown(bug: Bug, area: types.Range, name: str) -> types.Diagnostic:
    """One pitfall at a place; ``name`` is the PyTorch name that meets it."""
    related, tags = _shared(bug)
    return types.Diagnostic(
        area,
        f"{bug.title}. {bug.message}",
        _SEVERITIES[bug.severity.value],
        bug.code,
        types.CodeDescription(bug.source) if bug.source.startswith("https:") else None,
        SOURCE,
        tags,
        related,
        data={"name": name},
    )


_Shared = tuple[list[types.DiagnosticRelatedInformation], list[types.DiagnosticTag] | None]
_SHARED: dict[object, _Shared] = {}


def _shared(bug: Bug) -> _Shared:
    """What all diagnostics of one bug share: where the fixed JAX stands, and tags."""
    if bug.path not in _SHARED:
        lines = bug.path.read_text(encoding="utf-8").splitlines()
        line = lines.index("## Fixed JAX") if "## Fixed JAX" in lines else 0
        place = types.Range(types.Position(line, 0), types.Position(line, len(lines[line])))
        location = types.Location(f"file://{quote(bug.path.as_posix())}", place)
        related = types.DiagnosticRelatedInformation(location, f"{bug.title}: the fixed JAX")
        # What only places data on a device is not needed in JAX at all.
        gone = [types.DiagnosticTag.Unnecessary] if "devices" in bug.tags else None
        _SHARED[bug.path] = [related], gone
    return _SHARED[bug.path]
