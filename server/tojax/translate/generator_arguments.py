"""Calls that are given a generator draw from it, and not from the keys of the function around."""

from __future__ import annotations

import ast

from tojax.source.kinds import GENERATOR
from tojax.translate.specialise import Argument
from tojax.translate.specialise.keys import or_own_keys


def drawing_from_generator(
    signature: ast.arguments, positional: list[Argument], keywords: dict[str, Argument]
) -> tuple[list[Argument], dict[str, Argument]]:
    """The arguments with a ``generator`` as ``rngs``, if the rule takes both."""
    if "rngs" not in {parameter.arg for parameter in signature.kwonlyargs}:
        return positional, keywords
    given = keywords.get("generator")
    if given is not None and given.kind.present() == GENERATOR:
        rest = {name: value for name, value in keywords.items() if name != "generator"}
        return positional, rest | {"rngs": _keys(given)}
    if positional and positional[-1].kind.present() == GENERATOR:
        return positional[:-1], keywords | {"rngs": _keys(positional[-1])}
    return positional, keywords


def _keys(given: Argument) -> Argument:
    return Argument(or_own_keys(given.node), GENERATOR) if given.kind.optional else given
