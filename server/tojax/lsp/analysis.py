"""Analyses of open texts, in a thread of their own, kept until the text changes.

The engine remembers blocks by their text, so an analysis after an edit costs little. A block that
does not parse keeps what was found in it before, moved along with the text.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tojax.lsp.block_diagnostics import BlockDiagnostics
from tojax.lsp.documents import Place, Text
from tojax.lsp.failures import CONTENT_MODIFIED, Failure
from tojax.lsp.outline import Definition, outline
from tojax.lsp.units import Unit

if TYPE_CHECKING:
    from tojax.rules.bugs import Bug
    from tojax.source import Construct

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# After so many characters of new texts, what their analyses left behind is looked for: it is full
# of cycles, and Python itself would wait until there is much more of it.
_LITTER = 100_000
_SUPPRESSES = "tojax:"


class Hit(NamedTuple):
    """A pitfall and the construct that meets it."""

    bug: Bug
    construct: Construct


@dataclass(frozen=True, eq=False)
class Found:
    """What was found in one block, kept while the block stays as it is and where it is.

    ``shown`` is for those who show it, by all else that they go by.
    """

    constructs: list[Construct]
    hits: list[Hit]
    shown: dict[object, BlockDiagnostics] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis:
    """What was found in one version of a unit; all lines are those of its virtual source."""

    unit: Unit
    uses_torch: bool = False
    blocks: list[Found] = field(default_factory=list)
    errors: list[tuple[Place, str]] = field(default_factory=list)

    @cached_property
    def constructs(self) -> list[Construct]:
        """The places where PyTorch is used."""
        return [construct for block in self.blocks for construct in block.constructs]

    @cached_property
    def hits(self) -> list[Hit]:
        """The pitfalls."""
        return [hit for block in self.blocks for hit in block.hits]

    @cached_property
    def outline(self) -> list[Definition]:
        """The classes and functions of the text."""
        return outline(self.unit.text.source)

    def at(self, line: int, column: int) -> list[Construct]:
        """The constructs around a point, innermost first."""
        found = [c for c in self.constructs if contains(c.place, line, column)]
        return sorted(found, key=lambda c: _extent(c.place))

    def hits_within(self, place: Place) -> list[Hit]:
        """The pitfalls that a place touches."""
        start, end = place[:2], place[2:]
        return [
            hit
            for hit in self.hits
            if hit.construct.place[:2] <= end and start <= hit.construct.place[2:]
        ]


def contains(place: Place, line: int, column: int) -> bool:
    """Whether a point is in a place, or right after it."""
    return place[:2] <= (line, column) <= place[2:]


def _extent(place: Place) -> tuple[int, int]:
    return place[2] - place[0], place[3] - place[1]


class Analyses:
    """The analyses of one server.

    Args:
        current: the unit of a URI as it is now, None if it is closed.
    """

    def __init__(self, current: Callable[[str], Unit | None]) -> None:
        self._current = current
        self._known: dict[str, Analysis] = {}
        self._pending: dict[str, tuple[Unit, asyncio.Future[Analysis]]] = {}
        self._litter = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tojax-analysis")

    async def of(self, unit: Unit, bugs: Path | None = None) -> Analysis:
        """The analysis of a unit.

        Args:
            unit: the unit, taken just now.
            bugs: a folder with bug files of the user's own.

        Raises:
            Failure: the text changed meanwhile.
        """
        known = self._known.get(unit.uri)
        if known is not None and known.unit.key == unit.key:
            return known
        pending = self._pending.get(unit.uri)
        if pending is not None and pending[0].key == unit.key:
            return await asyncio.shield(pending[1])
        task = asyncio.ensure_future(self._analysed(unit, bugs))
        task.add_done_callback(_retrieve)
        self._pending[unit.uri] = unit, task
        return await asyncio.shield(task)

    async def _analysed(self, unit: Unit, bugs: Path | None) -> Analysis:
        def work() -> Analysis | None:
            current = self._current(unit.uri)
            if current is None or current.key != unit.key:
                return None  # queued for a text that is gone
            known = self._known.get(unit.uri)
            self._litter += len(unit.text.source) if known is None else 0
            return analyse_unit(unit, known, bugs)

        try:
            analysis = await self.in_thread(work)
        finally:
            pending = self._pending.get(unit.uri)
            if pending is not None and pending[0] is unit:
                del self._pending[unit.uri]
        current = self._current(unit.uri)
        if analysis is None or current is None:
            raise Failure("the text has changed", CONTENT_MODIFIED)
        self._known[unit.uri] = analysis
        if self._litter > _LITTER:
            self._litter = 0
            self._thread.submit(gc.collect)
        if current.key != unit.key:
            raise Failure("the text has changed", CONTENT_MODIFIED)
        return analysis

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run something short after the analyses that are waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def forget(self, uri: str) -> None:
        """A unit was closed, or what it is checked for changed."""
        self._known.pop(uri, None)

    def forget_all(self) -> None:
        """What texts are checked for changed."""
        self._known.clear()

    def close(self) -> None:
        """Start nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _retrieve(task: asyncio.Future[Analysis]) -> None:
    """Look at a result that perhaps nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def analyse_unit(unit: Unit, before: Analysis | None, bugs: Path | None = None) -> Analysis:
    """Analyse a unit.

    Args:
        unit: its current state.
        before: the last analysis of the same unit.
        bugs: a folder with bug files of the user's own.
    """
    from tojax.source import analyse

    found = analyse(unit.text.source, unit.uri)
    by_block = found.by_block
    errors = [_error(unit.text, error) for error in found.errors]
    uses_torch = found.uses_torch
    if errors and before is not None and before.constructs:
        kept = _kept(before, unit.text, [place[0] for place, _ in errors], all_=not uses_torch)
        if kept:
            known = {(c.kind, c.name, c.place) for c in found.constructs}
            added = [c for c in kept if (c.kind, c.name, c.place) not in known]
            by_block = [sorted([*found.constructs, *added], key=lambda c: c.place)]
            uses_torch = True
    blocks = list(_found(unit.text.source, by_block, before, bugs))
    return Analysis(unit, uses_torch, blocks, errors if uses_torch else [])


def _found(
    source: str, by_block: list[list[Construct]], before: Analysis | None, bugs: Path | None
) -> Iterator[Found]:
    """The pitfalls in the constructs of each block.

    Those of the analysis before serve again, unless comments have a say in them.
    """
    from tojax.check.matching import matcher
    from tojax.check.suppression import suppressed_lines

    match = matcher(bugs)
    known: dict[int, Found] = {}
    if before is not None and _SUPPRESSES not in before.unit.text.source + source:
        known = {id(block.constructs): block for block in before.blocks}
    is_silenced = suppressed_lines(source) if _SUPPRESSES in source else None
    for constructs in by_block:
        same = known.get(id(constructs))
        if same is not None and same.constructs is constructs:
            yield same
            continue
        hits = [Hit(bug, construct) for construct in constructs for bug in match.bugs_of(construct)]
        if is_silenced is not None:
            hits = [hit for hit in hits if not is_silenced(hit.construct.range, hit.bug.code)]
        yield Found(constructs, sorted(hits, key=lambda h: (*h.construct.place[:2], h.bug.code)))


def _error(text: Text, error: SyntaxError) -> tuple[Place, str]:
    line = min(max((error.lineno or 1) - 1, 0), len(text.lines) - 1)
    column = min(max((error.offset or 1) - 1, 0), len(text.lines[line]))
    return (line, column, line, min(column + 1, len(text.lines[line]))), error.msg


def _kept(before: Analysis, text: Text, broken: list[int], *, all_: bool) -> list[Construct]:
    """Earlier constructs that stand, moved, in blocks which do not parse now.

    Args:
        before: the analysis that had them.
        text: the text now.
        broken: the lines of its syntax errors.
        all_: take those of every block, for it may be the import of PyTorch that is broken.
    """
    from tojax.source.blocks import split_blocks

    spans: list[tuple[int, int]] = []
    if not all_:
        blocks = split_blocks(text.source)
        ends = [*(block.line for block in blocks[1:]), len(text.lines)]
        spans = [
            (block.line, end)
            for block, end in zip(blocks, ends, strict=True)
            if block.parsed.error is not None or any(block.line <= line < end for line in broken)
        ]
    kept = []
    for construct, place in moved(before.unit.text, text, before.constructs):
        if all_ or any(start <= place[0] < end for start, end in spans):
            kept.append(construct._replace(place=place))
    return kept


def moved(old: Text, new: Text, constructs: Iterable[Construct]) -> list[tuple[Construct, Place]]:
    """Constructs of an earlier text at their places now, without those that were edited."""
    head = _common(old.lines, new.lines)
    tail = _common(old.lines[head:][::-1], new.lines[head:][::-1])
    old_end, new_end = len(old.lines) - tail, len(new.lines) - tail
    first, last = (head, old_end - 1)
    before = after = 0
    if head < old_end and head < new_end:  # within the first and the last edited line
        before = _common(old.lines[first], new.lines[head])
        after = _common(old.lines[last][::-1], new.lines[new_end - 1][::-1])
        room = min(len(old.lines[last]), len(new.lines[new_end - 1]))
        if first == last or head == new_end - 1:
            after = min(after, room - (before if first == last and head == new_end - 1 else 0))
    found = []
    for construct in constructs:
        line, column, end_line, end_column = construct.place
        if (end_line, end_column) <= (first, before) or end_line < head:
            found.append((construct, construct.place))
        elif line >= old_end:
            delta = new_end - old_end
            found.append((construct, (line + delta, column, end_line + delta, end_column)))
        elif line == last and after and column >= len(old.lines[last]) - after:
            across = len(new.lines[new_end - 1]) - len(old.lines[last])
            down = new_end - 1 - last
            end = (end_line + down, end_column + (across if end_line == last else 0))
            if end_line > last:
                end = (end_line + new_end - old_end, end_column)
            found.append((construct, (line + down, column + across, *end)))
    return found


def _common(left: list[str] | str, right: list[str] | str) -> int:
    """How many items both begin with."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
