"""Draws example.svg: example.py and what tojax makes of it, side by side.

python docs/draw_example.py
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

import tojax

HERE = Path(__file__).parent
FONT_SIZE, LINE_HEIGHT, CHARACTER_WIDTH = 13, 19, 7.85
MARGIN, TITLE_HEIGHT = 20, 46
COLOURS = {
    Comment: "#6e7781",
    Keyword: "#cf222e",
    Name.Decorator: "#8250df",
    Name.Class: "#953800",
    Name.Function: "#8250df",
    Number: "#0550ae",
    String: "#0a3069",
}


def coloured(code: str) -> Iterator[str]:
    """The lines of a Python text as SVG text spans."""
    spans = ""
    for kind, text in PythonLexer().get_tokens(code.strip("\n")):
        first, *rest = text.split("\n")
        spans += span(kind, first)
        for piece in rest:
            yield spans
            spans = span(kind, piece)


def span(kind: _TokenType, text: str) -> str:
    """One stretch of text in its colour."""
    colour = next((colour for base, colour in COLOURS.items() if kind in base), None)
    return f'<tspan fill="{colour}">{escape(text)}</tspan>' if colour and text else escape(text)


def panel(title: str, code: str, left: float, width: float, height: float) -> Iterator[str]:
    """A titled box with code."""
    yield (
        f'<rect x="{left}" y="10" width="{width}" height="{height}" rx="8" fill="#ffffff" '
        'stroke="#d0d7de"/>'
    )
    yield f'<text x="{left + MARGIN}" y="34" font-weight="bold">{title}</text>'
    for number, line in enumerate(coloured(code)):
        y = TITLE_HEIGHT + (number + 1) * LINE_HEIGHT
        yield f'<text x="{left + MARGIN}" y="{y}" xml:space="preserve">{line}</text>'


def picture(before: str, after: str) -> str:
    """Both texts side by side as SVG."""
    columns = [max(map(len, text.splitlines())) for text in (before, after)]
    widths = [2 * MARGIN + CHARACTER_WIDTH * count for count in columns]
    lines = max(len(text.splitlines()) for text in (before, after))
    height = TITLE_HEIGHT + (lines + 1) * LINE_HEIGHT
    total = sum(widths) + 3 * 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total:.0f} {height + 20}" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="{FONT_SIZE}" '
        'fill="#1f2328">',
        *panel("PyTorch", before, 10, widths[0], height),
        *panel("JAX", after, 20 + widths[0], widths[1], height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    example = (HERE / "example.py").read_text(encoding="utf-8")
    drawing = picture(example, tojax.translate(example).code)
    (HERE / "example.svg").write_text(drawing, encoding="utf-8")
