"""Which calls of a text are PyTorch's, and which of them a translation left."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

import jax
import numpy as np
from flax import nnx

from tojax.nouns import Range, Unresolved
from tojax.source.analysis import Analyser
from tojax.source.names import attributes_of
from tojax.source.text import Text

_KEYWORDS = {"dim", "keepdim", "descending"}
_OTHERS = (
    jax.Array, np.ndarray, nnx.Module, re.Pattern,
    str, bytes, list, dict, set, tuple, int, float, complex,
)  # fmt: skip
_Place = tuple[int, int, int, int]


class TorchCall(NamedTuple):
    """A call's place, and that of what it calls without what that is a method of."""

    call: _Place
    callee: _Place
    owner: _Place | None


def torch_calls(source: str) -> list[TorchCall]:
    """The calls in PyTorch source that are PyTorch's."""
    constructs = Analyser().analyse(source).constructs
    known = {c.place for c in constructs if c.kind in ("call", "method")}
    text, tree = Text(source), ast.parse(source)
    telling = set(_telling_calls(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = _place(text, node)
            if place in known or node in telling:
                owner = node.func
                while isinstance(owner, ast.Attribute):
                    owner = owner.value
                inner = None if isinstance(owner, ast.Name) else _place(text, owner)
                found.append(TorchCall(place, _place(text, node.func), inner))
    return found


def unresolved_calls(
    calls: Iterable[TorchCall], unresolved: Iterable[Unresolved]
) -> list[TorchCall]:
    """The calls that are, or lie in, or call something that was left as it was."""
    places = [_of_range(item.range) for item in unresolved]
    return [call for call in calls if any(_concerns(place, call) for place in places)]


def left_behind(code: str, helpers: Container[str] = ()) -> list[str]:
    """The methods of PyTorch's that a translation still calls, without a mark on the line.

    Args:
        code: the translation.
        helpers: names that are defined in its helper modules.
    """
    lines = code.split("\n")
    return [
        node.func.attr
        for node in _telling_calls(ast.parse(code))
        if isinstance(node.func, ast.Attribute)
        and node.func.attr not in helpers
        and not any("TODO(tojax)" in line for line in lines[node.lineno - 1 : node.end_lineno])
    ]


def defined_names(tree: ast.Module) -> set[str]:
    """The functions, methods and classes that a file defines."""
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}


@functools.cache
def _only_pytorchs(owner: str) -> frozenset[str]:
    """The methods of ``torch.Tensor`` or ``torch.nn.Module`` that nothing else in use has."""
    return attributes_of(owner) - {name for other in _OTHERS for name in dir(other)}


def _telling_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of methods that are PyTorch's whatever their object is."""
    nodes = list(ast.walk(tree))
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    own = defined_names(tree) | {
        n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)
    }
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                is_foreign = _root(owner) in imported or name in own or _is_updated(owner)
                if not is_foreign and _is_telling(owner, name, node):
                    yield node


def _is_telling(owner: ast.expr, name: str, call: ast.Call) -> bool:
    if isinstance(owner, ast.Call) and _root(owner.func) == "super":
        return False
    if name in _only_pytorchs("torch.nn.Module") - attributes_of("torch.Tensor"):
        return True
    if isinstance(owner, ast.Name) and owner.id in ("self", "cls"):
        return False  # a layer's own attribute, such as self.norm
    has_keyword = any(keyword.arg in _KEYWORDS for keyword in call.keywords)
    return name in _only_pytorchs("torch.Tensor") or (
        has_keyword and name in attributes_of("torch.Tensor")
    )


def _is_updated(owner: ast.expr) -> bool:
    """Whether a method belongs to JAX's ``x.at[…]``."""
    return isinstance(owner, ast.Subscript) and getattr(owner.value, "attr", "") == "at"


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _concerns(place: _Place, call: TorchCall) -> bool:
    """Whether what lies at ``place`` is what is called, or contains the call."""
    is_callee = _contains(call.callee, place)
    is_owner = call.owner is not None and _contains(call.owner, place)
    return _contains(place, call.call) or (is_callee and not is_owner)


def _contains(outer: _Place, inner: _Place) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]


def _place(text: Text, node: ast.expr) -> _Place:
    return _of_range(text.range(*text.span(node)))


def _of_range(place: Range) -> _Place:
    return place.start.line, place.start.column, place.end.line, place.end.column
