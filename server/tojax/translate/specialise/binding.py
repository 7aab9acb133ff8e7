"""Binds the arguments of a call to the parameters of a rule."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from tojax.source.facts import parameters
from tojax.source.kinds import UNKNOWN, Kind
from tojax.translate.specialise.literals import literal_kind
from tojax.translate.specialise.refusals import NotReducible, Unsupported

# Names that PyTorch accepts for a parameter beside its own.
PARAMETER_ALIASES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "x1": "input",
    "x2": "other",
    "split_size": "split_size_or_sections",
}


@dataclass(frozen=True)
class Argument:
    """One argument of a call: its expression and what kind of value it is."""

    node: ast.expr
    kind: Kind = UNKNOWN


def bind(
    signature: ast.arguments,
    positional: Sequence[Argument],
    keywords: dict[str, Argument],
) -> dict[str, Argument]:
    """Bind a call's arguments to parameters, as Python would.

    Raises:
        Unsupported: an argument has no parameter, or a parameter no argument.
        NotReducible: a ``*`` argument whose length matters.
    """
    values = _bind_positional(signature, positional)
    known = {parameter.arg for parameter in parameters(signature)}
    for name, argument in keywords.items():
        target = name if name in known else PARAMETER_ALIASES.get(name, name)
        if target in values and target not in (signature.vararg.arg if signature.vararg else ""):
            raise Unsupported(f"argument '{name}' given twice")
        if target in known:
            values[target] = argument
        elif signature.kwarg is None:
            raise Unsupported(f"no argument '{name}'")
    _fill_defaults(signature, values)
    for parameter in parameters(signature):
        if isinstance(parameter.annotation, ast.Name) and parameter.annotation.id == "object":
            values[parameter.arg] = Argument(values[parameter.arg].node)  # may be anything
    return values


def _bind_positional(
    signature: ast.arguments, positional: Sequence[Argument]
) -> dict[str, Argument]:
    names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    values: dict[str, Argument] = {}
    rest: list[Argument] = []
    for number, argument in enumerate(positional):
        starred = isinstance(argument.node, ast.Starred)
        if number < len(names) and not starred and not rest:
            values[names[number]] = argument
        elif signature.vararg is not None and number >= len(names):
            rest.append(argument)
        elif starred:
            raise NotReducible("a starred argument")
        else:
            raise Unsupported(f"takes {len(names)} positional arguments, {len(positional)} given")
    if signature.vararg is not None:
        values[signature.vararg.arg] = _variadic(rest, signature.vararg)
    return values


def _variadic(rest: list[Argument], parameter: ast.arg) -> Argument:
    """What ``*sizes`` gets; in place of ``*data``, one shape stands for its numbers."""
    if len(rest) == 1 and isinstance(rest[0].node, ast.Starred):
        return Argument(rest[0].node.value, Kind("starred"))
    is_size = len(rest) == 1 and rest[0].kind.tag == "shape" and not rest[0].kind.optional
    if is_size and parameter.arg == "data":
        return Argument(rest[0].node, Kind("starred"))
    kinds = tuple(argument.kind for argument in rest)
    return Argument(
        ast.Tuple([argument.node for argument in rest], ast.Load()), Kind("tuple", kinds)
    )


def _fill_defaults(signature: ast.arguments, values: dict[str, Argument]) -> None:
    missing = len(signature.posonlyargs) + len(signature.args) - len(signature.defaults)
    defaults = [*[None] * missing, *signature.defaults, *signature.kw_defaults]
    for parameter, default in zip(parameters(signature), defaults, strict=True):
        if parameter.arg in values:
            continue
        if parameter.arg == "rngs":
            values["rngs"] = Argument(ast.Name("rngs", ast.Load()), Kind("rngs"))
        elif default is None:
            raise Unsupported(f"argument '{parameter.arg}' is missing")
        else:
            values[parameter.arg] = Argument(default, literal_kind(default))
