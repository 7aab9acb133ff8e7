"""What PyTorch names become in JAX, as pages: made once, when the server has nothing else to do."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tojax.lsp.analysis import Analyses, Analysis

_METHOD = "torch.Tensor."
_IDLE_SECONDS = 0.5

# PyTorch name -> page, empty where there is none.
PAGES: dict[str, str] = {}


def explained(name: str) -> str:
    """The page of a PyTorch name."""
    from tojax.explain import explain

    if name not in PAGES:
        try:
            PAGES[name] = explain(name)
        except LookupError:
            PAGES[name] = _of_in_place_method(name)
    return PAGES[name]


def _of_in_place_method(name: str) -> str:
    """The page of an in-place method, from that of the method without the underscore."""
    from tojax.explain import explain

    if not (name.startswith(_METHOD) and name.endswith("_") and not name.endswith("__")):
        return ""
    try:
        page = explain(name[:-1])
    except LookupError:
        return ""
    note = f"JAX arrays do not change: the name is assigned what `{name[:-1]}` gives."
    return f"# {name}\n\n{note}\n\n{page.partition(chr(10))[2].strip()}\n"


async def prepare(analyses: Analyses, analysis: Analysis) -> None:
    """Make pages that may be asked for, one at a time, after a while without edits."""
    await asyncio.sleep(_IDLE_SECONDS)
    for name in dict.fromkeys(construct.name for construct in analysis.constructs):
        if name and name not in PAGES:
            await analyses.in_thread(partial(explained, name))
