"""The page of the pitfall, and what a PyTorch name becomes in JAX."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from tojax.lsp.pages import PAGES, explained

if TYPE_CHECKING:
    from tojax.lsp.server import TojaxServer


def register(server: TojaxServer) -> None:
    """Wire hover."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        unit, part = server.located(params.text_document.uri)
        line, column = unit.point(part, params.position)
        analysis = await server.analysis(unit)
        around = analysis.at(line, column)
        if not around:
            return None
        place = around[0].place
        here = [construct for construct in around if construct.place == place]
        hits = [hit for hit in analysis.hits_within(place) if hit.construct.place == place]
        ignored = server.settings(unit.uri).ignore
        pages = [hit.bug.page for hit in hits if hit.bug.code not in ignored]
        for name in dict.fromkeys(construct.name for construct in here if construct.name):
            if name not in PAGES:
                await server.analyses.in_thread(partial(explained, name))
            pages.append(PAGES[name])
        pages = [page for page in pages if page]
        if not pages:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(pages))
        return types.Hover(content, unit.range(part, place))
