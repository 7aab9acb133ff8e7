"""The page of the pitfall, and what a PyTorch name becomes in JAX."""

from __future__ import annotations

import re
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
        text = "\n\n---\n\n".join(map(compact, pages))
        formats = server.supports("text_document.hover.content_format")
        if formats and types.MarkupKind.Markdown not in formats:
            content = types.MarkupContent(types.MarkupKind.PlainText, plain(text))
        else:
            content = types.MarkupContent(types.MarkupKind.Markdown, text)
        return types.Hover(content, unit.range(part, place))


_FENCE = re.compile(r"^(```.*?^```)$", re.MULTILINE | re.DOTALL)


def compact(page: str) -> str:
    """A page for a small window: bold lines in place of headings, and none above Why."""
    texts = _FENCE.split(page)
    for number in range(0, len(texts), 2):  # the others are code, where # begins a comment
        text = re.sub(r"^## Why\n+", "", texts[number], flags=re.MULTILINE)
        texts[number] = re.sub(r"^#+ (.+)$", r"**\1**", text, flags=re.MULTILINE)
    return "".join(texts).strip()


def plain(page: str) -> str:
    """A compact page without its marks, for clients that show text as it stands."""
    texts = _FENCE.split(page)
    for number, text in enumerate(texts):
        if number % 2:
            texts[number] = "\n".join(text.split("\n")[1:-1])
        else:
            texts[number] = re.sub(r"^\*\*(.+)\*\*$", r"\1", text, flags=re.MULTILINE)
    return "".join(texts)
