"""Trees are walked as `ast` walks them, without contexts and operators."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tojax.source.trees import _FIELDS, children, walk

SHARED = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
EVERYTHING = """
from a.b import c as d
import e.f
@g
async def h(i: j = 1, /, *k, l=2, **m) -> n:
    global o
    async with p as q, r:
        s: t = u
    try:
        v += -w
    except (x, y) as z:
        raise a from b
    else:
        del c[d:e:f], g.h
    finally:
        pass
    match i:
        case J(k, l=m) | [n, *o] | {"p": q, **r} | 1 | None if s:
            yield from t
    return [u async for u in v if not w and x < y <= z or (a := b)]
class C(D, metaclass=E):
    f = lambda g: f"{h!r:>{i}}" if j else {**k, l: {m}}
    n = await_(o)(*p, **q), r @ s
while t:
    assert u, "v"
    break
"""
FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "models").glob("*.py"))
TEXTS = [EVERYTHING, *(path.read_text(encoding="utf-8") for path in FIXTURES)]


def _own(nodes: Iterable[ast.AST]) -> list[ast.AST]:
    return [node for node in nodes if not isinstance(node, SHARED)]


@pytest.mark.parametrize("text", TEXTS, ids=["everything", *(path.stem for path in FIXTURES)])
def test_the_nodes_and_their_order(text: str) -> None:
    tree = ast.parse(text)
    assert list(walk(tree)) == _own(ast.walk(tree))
    for node in ast.walk(tree):
        assert children(node) == _own(ast.iter_child_nodes(node))


def test_only_fields_without_nodes_are_passed_by() -> None:
    """By the grammar, which is in the docstrings: ``BinOp(expr left, operator op, expr right)``."""
    without = {kind.__name__ for kind in SHARED} | {"identifier", "int", "string", "constant"}
    told = 0
    for kind in vars(ast).values():
        if isinstance(kind, type) and issubclass(kind, ast.AST) and kind._fields:
            for field_type, field in re.findall(r"(\w+)[*?]? (\w+)[,)]", kind.__doc__ or ""):
                told += 1
                assert field in _FIELDS[kind] or field_type in without, (kind, field)
    assert told > 100
