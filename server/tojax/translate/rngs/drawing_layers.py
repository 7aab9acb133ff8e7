"""Layers that draw random numbers when they are called, dropout above all."""

from __future__ import annotations

import ast
import re

from tojax.source.facts import ClassFacts
from tojax.source.kinds import LAYER, UNKNOWN, Kind
from tojax.source.trees import walk
from tojax.translate.context import FileContext

_LAYER = re.compile(
    r"torch\.nn\.(\w*Dropout|MultiheadAttention|Transformer|LSTM|GRU|RNN|RReLU|FractionalMaxPool)"
)
_LAYERS = re.compile(r"torch\.nn\.[A-Z]")
_INITIAL = re.compile(r"torch\.nn\.(init|Parameter)\b|.*_$")


def may_draw(context: FileContext, kind: Kind) -> bool:
    """Whether layers of a kind may draw; of any kind, if any of the program's does."""
    if kind in (UNKNOWN, LAYER):
        return any(map(_LAYER.match, context.inference.names.values()))
    return surely_draws(context, kind)


def surely_draws(context: FileContext, kind: Kind) -> bool:
    """Whether a kind is that of layers that draw, or have parts that do."""
    return _draws(context, kind, set())


def _draws(context: FileContext, kind: Kind, seen: set[str]) -> bool:
    if kind.tag not in ("module", "modules"):
        return False
    facts = context.program.class_of(kind)
    if facts is None:
        parts = (_draws(context, item, seen) for item in kind.items)
        return _LAYER.match(kind.name) is not None or any(parts)
    if facts.key in seen:
        return False
    seen.add(facts.key)
    return any(_class_draws(context, base, seen) for base in context.program.base_classes(facts))


def _class_draws(context: FileContext, facts: ClassFacts, seen: set[str]) -> bool:
    """Whether a class makes, holds or derives from layers that draw, or draws in its methods."""
    if any(map(_LAYER.match, context.program.torch_bases(facts))):
        return True
    if any(_draws(context, kind, seen) for kind in facts.attributes.values()):
        return True
    return any(
        _is_draw(context, node, in_constructor=method.name == "__init__")
        or _draws(context, context.kind(node), seen)
        for method in facts.methods.values()
        for node in walk(method)
        if isinstance(node, ast.expr)
    )


def _is_draw(context: FileContext, node: ast.expr, *, in_constructor: bool) -> bool:
    name = context.name(node)
    if _LAYER.match(name):
        return True
    rule = context.index.functions.get(name)
    if rule is None or in_constructor or _LAYERS.match(name) or _INITIAL.match(name):
        return False
    return any(argument.arg == "rngs" for argument in context.index.signature(rule).kwonlyargs)
