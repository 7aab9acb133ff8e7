"""PyTorch source in, JAX source out."""

from __future__ import annotations

from typing import Literal

from tojax.nouns import Translation
from tojax.translate.context import Init
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
    init: Init = "flax",
) -> Translation:
    """Translate one PyTorch file to JAX.

    Args:
        source: the PyTorch source.
        filename: its name, for messages.
        engine: ``"rules"``; ``"model"`` for a local model's version; ``"auto"`` for the rules, and
            the model's version of what they left open if that agrees with PyTorch. The model is
            that of ``[tool.tojax.model]`` in pyproject.toml.
        init: like whose layers new parameters start: ``"flax"`` for the defaults of Flax, or
            ``"torch"`` for PyTorch's distributions, which are then arguments of each layer.
        select: give only the top-level class or function of this name, with what it needs.

    Returns:
        The JAX source, what stayed unresolved, and the rules that fired.

    Raises:
        SyntaxError: the source does not parse; has the position.
        ValueError: the engine does not exist, or nothing is called ``select``.
        ModelError: ``engine`` is ``"model"``, and there is no answer of a model.
    """
    if engine == "rules":
        translation = translate_source(source, filename, init)
    elif engine in ("model", "auto"):
        from tojax.model.engine import translate_with_model  # it builds on this package

        translation = translate_with_model(source, filename=filename, engine=engine, init=init)
    else:
        raise ValueError(f"there is no engine '{engine}': rules, model or auto")
    return selected(translation, source, select) if select is not None else translation
