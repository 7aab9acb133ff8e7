"""Calls that are given a generator draw from it, and not from the keys of the function around."""

from __future__ import annotations

import ast

from tojax.source.kinds import GENERATOR
from tojax.translate.specialise import Argument


def drawing_from_generator(
    signature: ast.arguments, positional: list[Argument], keywords: dict[str, Argument]
) -> tuple[list[Argument], dict[str, Argument]]:
    """The arguments with a ``generator`` as ``rngs``, if the rule takes both.

    One that may be None is left out, as all keys then come from the function around.
    """
    if "rngs" not in {parameter.arg for parameter in signature.kwonlyargs}:
        return positional, keywords
    if (given := keywords.get("generator")) is not None and given.kind == GENERATOR:
        rest = {name: value for name, value in keywords.items() if name != "generator"}
        return positional, rest | {"rngs": given}
    if positional and positional[-1].kind == GENERATOR:
        return positional[:-1], keywords | {"rngs": positional[-1]}
    return positional, keywords
