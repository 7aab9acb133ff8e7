"""What ``isinstance`` gives for a value of which the kind is known."""

from __future__ import annotations

import ast

from tojax.source.kinds import NUMBERS, Kind
from tojax.source.trees import walk
from tojax.translate.specialise.literals import is_unknown, static

_TAGS_OF_TYPE = {
    "Array": {"array", "parameter", "buffer"},
    "Variable": {"parameter", "buffer"},
    "tuple": {"tuple", "shape"},
    "list": {"list"},
    "str": {"str"},
    "dict": {"dict"},
    "int": {"int", "bool"},
    "integer": set(),  # of NumPy
    "float": {"float"},
    "bool": {"bool"},
    "type": {"dtype"},
    "dtype": {"dtype"},
    "Module": {"module"},
}
_LITERAL_TYPES = {"int": int, "float": float, "bool": bool, "str": str, "tuple": tuple,
                  "list": list, "dict": dict}  # fmt: skip


def is_instance(value: ast.expr, kind: Kind, classes: ast.expr) -> bool | None:
    """``isinstance(value, classes)`` where that is known, else None.

    Args:
        value: a folded expression.
        kind: its kind.
        classes: the class, or the tuple of classes, as the rule names them.
    """
    exact = static(value)
    if exact is None:
        return False
    if kind.tag in ("unknown", "starred", "external", "numpy", "none"):
        return True if kind.tag == "starred" and _mentions(classes, "tuple") else None
    names = [
        item.attr if isinstance(item, ast.Attribute) else getattr(item, "id", "")
        for item in (classes.elts if isinstance(classes, ast.Tuple) else [classes])
    ]
    if not is_unknown(exact):
        types = tuple(_LITERAL_TYPES[name] for name in names if name in _LITERAL_TYPES)
        return isinstance(exact, types)
    tags = set().union(*(_TAGS_OF_TYPE.get(name, set()) for name in names))
    if kind.tag == "list" and kind.name == "tuple" and len(tags & {"list", "tuple"}) == 1:
        return None
    if kind.tag in tags:
        return None if kind.optional else True
    if kind.tag in NUMBERS and tags & NUMBERS:
        return None
    return False if all(name in _TAGS_OF_TYPE or name == "Number" for name in names) else None


def _mentions(classes: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in walk(classes))
