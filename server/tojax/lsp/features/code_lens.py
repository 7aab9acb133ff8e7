"""Translate · Verify · last verdict · cost, above classes, functions and cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tojax.lsp.features.code_actions import PREVIEW
from tojax.lsp.features.commands import APPLY
from tojax.lsp.features.verify import VERIFY
from tojax.lsp.outline import Definition, cells
from tojax.lsp.verdict_titles import cost_title, verdict_title

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer
    from tojax.lsp.units import Part, Unit
    from tojax.lsp.verdicts import Noted

_FOR_VERIFICATION = ("get_inputs", "get_init_inputs")


def register(server: TojaxServer) -> None:
    """Wire code lenses."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        await server.folders.known()
        unit, part = server.located(params.text_document.uri)
        if not server.settings(unit.uri).lens_enabled:
            return []
        analysis = await server.analysis(unit)
        known = server.verdicts.of(unit.uri)
        if not analysis.uses_torch and not known:
            return []
        first, last = part.first, part.first + len(part.text.lines) - 1
        used = {c.place[0] for c in analysis.constructs if first <= c.place[0] <= last}
        made: list[types.CodeLens] = []
        for definition in analysis.outline:
            name = definition.name
            if not first <= definition.line <= last or "." in name or name in _FOR_VERIFICATION:
                continue
            if not used.isdisjoint(range(definition.first, definition.last + 1)):
                made += _definition(server, part, definition)
            # Also above what is JAX by now, where it was translated in place.
            if name in known:
                made += _verdict(server, unit, part, definition, known[name])
        if unit.is_notebook:
            if used:
                made += _whole(server, part, 0)
        else:
            for start, end in cells(part.text.source):
                if not used.isdisjoint(range(start, end)):
                    made += _whole(server, part, start)
        return made


def _definition(server: TojaxServer, part: Part, definition: Definition) -> list[types.CodeLens]:
    argument = {
        "uri": part.text.uri,
        "name": definition.name,
        "version": part.text.version,
    }
    line = definition.line - part.first
    return [
        _translate(server, part, line, argument),
        _lens(part, line, "Verify", VERIFY, argument),
    ]


def _verdict(
    server: TojaxServer, unit: Unit, part: Part, definition: Definition, noted: Noted
) -> list[types.CodeLens]:
    line = definition.line - part.first
    title = verdict_title(noted.verdict)
    if not server.verdicts.holds(noted, definition.name, unit.text.source):
        title = f"edited since: {title}"
    made = [_lens(part, line, title)]
    if noted.cost is not None and (cost := cost_title(noted.cost)):
        made.append(_lens(part, line, cost))
    return made


def _whole(server: TojaxServer, part: Part, line: int) -> list[types.CodeLens]:
    """The lenses of a cell, which stand for its file or for the notebook's cell."""
    argument: dict[str, Any] = {"uri": part.text.uri, "version": part.text.version}
    return [
        _translate(server, part, line, argument),
        _lens(part, line, "Verify", VERIFY, argument),
    ]


def _translate(
    server: TojaxServer, part: Part, line: int, argument: dict[str, Any]
) -> types.CodeLens:
    command = PREVIEW if server.options.get("preview") is True else APPLY
    return _lens(part, line, "Translate", command, argument)


def _lens(
    part: Part, line: int, title: str, command: str = "", argument: dict[str, Any] | None = None
) -> types.CodeLens:
    width = len(part.text.lines[line])
    place = part.text.range((line, 0, line, width))
    arguments = [argument] if argument is not None else None
    return types.CodeLens(place, types.Command(title, command, arguments=arguments))
