"""What is corrected in a draft without asking the model."""

from __future__ import annotations

import ast

from tojax.source.facts import definitions
from tojax.translate.project import translate_source


def without_torch(code: str) -> str:
    """The draft with the PyTorch that it still uses translated by the rules, where they can.

    Args:
        code: a draft that parses.
    """
    if not definitions(ast.parse(code)).uses_torch:
        return code
    try:
        translation = translate_source(code)
    except Exception:  # whatever a model wrote, it is no reason to end here
        return code
    return code if translation.unresolved else translation.code
