"""PyTorch source in, JAX source out."""

from __future__ import annotations

from typing import Literal

from tojax.nouns import Translation
from tojax.translate.project import translate_project, translate_source
from tojax.translate.selection import selected

Engine = Literal["rules", "model", "auto"]

__all__ = ["translate", "translate_project"]


def translate(
    source: str,
    *,
    filename: str | None = None,
    engine: Engine = "rules",
    select: str | None = None,
) -> Translation:
    """Translate one PyTorch file to JAX.

    Args:
        source: the PyTorch source.
        filename: its name, for messages.
        engine: only ``"rules"`` exists so far.
        select: give only the top-level class or function of this name, with what it needs.

    Returns:
        The JAX source, what stayed unresolved, and the rules that fired.

    Raises:
        SyntaxError: the source does not parse; has the position.
        ValueError: the engine does not exist, or nothing is called ``select``.
    """
    if engine != "rules":
        raise ValueError(f"the engine '{engine}' is not available; use engine='rules'")
    translation = translate_source(source, filename)
    return selected(translation, source, select) if select is not None else translation
