"""What ``getattr(self, f"anchor_{i}")`` finds, by the names under which its class holds things."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tojax.source.facts import ClassFacts, Function
from tojax.source.given import given
from tojax.source.kinds import BUFFER, PARAMETER, Kind
from tojax.source.program import Program
from tojax.source.trees import walk

Affixes = tuple[str, str]
"""How the names begin and end that an expression may give; what stands between is not known."""


def computed_kinds(
    program: Program,
    owner: ClassFacts,
    name: ast.expr,
    function: Function,
    kind_of: Callable[[ast.expr], Kind],
) -> list[Kind]:
    """The kinds of all that a computed name may mean in a class; nothing for any name at all."""
    wanted = affixes(name, function)
    if wanted == ("", ""):
        return []
    classes = program.base_classes(owner)
    found = [
        kind
        for facts in classes
        for attr, kind in facts.attributes.items()
        if _may_be_same(wanted, (attr, attr))
    ]
    for facts in classes:
        for method in facts.methods.values():
            for key, kind in _registered(method, kind_of):
                if _may_be_same(wanted, affixes(key, method)):
                    found.append(kind)
    return found


def _registered(
    method: Function, kind_of: Callable[[ast.expr], Kind]
) -> Iterator[tuple[ast.expr, Kind]]:
    """What a method sets under computed names."""
    for node in walk(method):
        match node:
            case ast.Call(func=ast.Attribute(attr="register_buffer"), args=[key, *_]):
                yield key, BUFFER
            case ast.Call(func=ast.Attribute(attr="register_parameter"), args=[key, *_]):
                yield key, PARAMETER
            case ast.Call(func=ast.Attribute(attr="add_module"), args=[key, value]):
                yield key, kind_of(value)
            case ast.Call(func=ast.Name(id="setattr"), args=[_, key, value]):
                yield key, kind_of(value)


def affixes(name: ast.expr, function: Function, seen: tuple[ast.expr, ...] = ()) -> Affixes:
    """The beginning and the end of the text that an expression of a function gives."""
    match name:
        case ast.Constant(value=str(text)):
            return text, text
        case ast.JoinedStr(values=[first, *_] as parts):
            return _literal(first), _literal(parts[-1])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return affixes(left, function, seen)[0], affixes(right, function, seen)[1]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return text.partition("%")[0], ""
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0], text.rpartition("}")[2]
        case ast.Name(id=variable):
            found = given(function, variable)
            if found.is_all and len(found.values) == 1 and found.values[0] not in seen:
                return affixes(found.values[0], function, (*seen, found.values[0]))
    return "", ""


def _literal(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def _may_be_same(one: Affixes, other: Affixes) -> bool:
    """Whether two expressions may give the same name."""
    starts = one[0].startswith(other[0]) or other[0].startswith(one[0])
    return starts and (one[1].endswith(other[1]) or other[1].endswith(one[1]))
