"""Findings as the editor's diagnostics."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lsprotocol import types

from tojax.lsp.block_diagnostics import BlockDiagnostics, Diagnostics
from tojax.lsp.documents import Place, range_of
from tojax.lsp.units import Part, Unit

if TYPE_CHECKING:
    from tojax.lsp.analysis import Analysis, Hit
    from tojax.rules.bugs import Bug

SOURCE = "tojax"
SYNTAX_ERROR = "TJ001"
_KEPT = 1024  # of one bug
_SEVERITIES = {
    "hint": types.DiagnosticSeverity.Hint,
    "information": types.DiagnosticSeverity.Information,
    "warning": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}


def diagnostics(analysis: Analysis, part: Part, ignored: frozenset[str]) -> Diagnostics:
    """What to show in one document of an analysed unit, without the ignored codes."""
    unit = analysis.unit
    last = part.first + len(part.text.lines)
    errors = [
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
    blocks = [BlockDiagnostics(errors)]
    for block in analysis.blocks:
        key = ignored, part.text.encoding
        known = None if unit.is_notebook else block.shown.get(key)
        if known is None:
            within = (h for h in block.hits if part.first <= h.construct.place[0] < last)
            shown = [diagnostic(unit, part, h) for h in within if h.bug.code not in ignored]
            known = block.shown[key] = BlockDiagnostics(shown)
        blocks.append(known)
    return Diagnostics(blocks)


def diagnostic(unit: Unit, part: Part, hit: Hit) -> types.Diagnostic:
    """One pitfall in a document."""
    return shown(hit.bug, unit.characters(part, hit.construct.place), hit.construct.name)


def shown(bug: Bug, area: Place, name: str) -> types.Diagnostic:
    """One pitfall.

    Args:
        bug: the pitfall.
        area: where it is, in the protocol's units.
        name: the PyTorch name that meets it.
    """
    known = _KINDS.get(bug.path)
    if known is None or known.bug is not bug:
        known = _KINDS[bug.path] = _Kind(bug)
    return known.at(area, name)


class _Kind:
    """The diagnostics of one bug, and what they share: where the fixed JAX stands, and tags.

    An edit leaves most of them where they were, so the last ones are kept.
    """

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        lines = bug.path.read_text(encoding="utf-8").splitlines()
        line = lines.index("## Fixed JAX") if "## Fixed JAX" in lines else 0
        place = types.Range(types.Position(line, 0), types.Position(line, len(lines[line])))
        location = types.Location(f"file://{quote(bug.path.as_posix())}", place)
        related = types.DiagnosticRelatedInformation(location, f"{bug.title}: the fixed JAX")
        self._related = [related]
        # What only places data on a device is not needed in JAX at all.
        self._tags = [types.DiagnosticTag.Unnecessary] if "devices" in bug.tags else None
        page = bug.source if bug.source.startswith("https:") else None
        self._page = types.CodeDescription(page) if page is not None else None
        self.at = lru_cache(_KEPT)(self._made)

    def _made(self, area: Place, name: str) -> types.Diagnostic:
        return types.Diagnostic(
            range_of(area),
            f"{self.bug.title}. {self.bug.message}",
            _SEVERITIES[self.bug.severity.value],
            self.bug.code,
            self._page,
            SOURCE,
            self._tags,
            self._related,
            data={"name": name},
        )


_KINDS: dict[Path, _Kind] = {}
