"""Layers of the rule library that are constructed by code which does not know what they are.

Such code hands every layer the same arguments: keys, and where PyTorch's layers take them a device
and a dtype. The copy of a layer that it may meet accepts what the others do.
"""

from __future__ import annotations

import ast

from tojax.rules.index import RuleIndex
from tojax.rules.modules import Definition, RuleModule
from tojax.source.facts import parameters
from tojax.translate.edits import Edits
from tojax.translate.insertions import insert_parameters

_GUARD = 'raise NotImplementedError("give this layer its dtype when it is made")'


def constructor_of(
    index: RuleIndex, module: RuleModule, node: Definition
) -> tuple[RuleModule, Definition]:
    """The definition whose text has the constructor's parameters: a base class, or ``node``."""
    if isinstance(node, ast.FunctionDef) or _own_constructor(node) is not None:
        return module, node
    for base in node.bases:
        found = index.definition(module, base.id) if isinstance(base, ast.Name) else None
        if found is not None and isinstance(found[1], ast.ClassDef):
            if index.method(found[0], found[1], "__init__") is not None:
                return constructor_of(index, *found)
    return module, node


def is_guarded(node: Definition) -> bool:
    """Whether a layer that is opened refuses other dtypes than float32, which it names."""
    own = _own_constructor(node) if isinstance(node, ast.ClassDef) else None
    return own is not None and all(p.arg != "dtype" for p in parameters(own.args))


def open_constructor(node: Definition, edits: Edits) -> None:
    """Let a layer accept ``rngs`` and, if it is a class, ``device`` and ``dtype``.

    Args:
        node: a function that returns the layer, or a class.
        edits: those of the module that defines it.
    """
    function = node if isinstance(node, ast.FunctionDef) else _own_constructor(node)
    if function is None:
        indent = " " * 4
        text = f"def __init__(self, *, rngs=None):\n{indent * 2}pass\n\n{indent}"
        first = next(s for s in node.body if isinstance(s, ast.FunctionDef))
        start = edits.spans[first][0]
        edits.replace_text(node, start, start, text)
        return
    present = {parameter.arg for parameter in parameters(function.args)}
    wanted = ["rngs"] if function is node else ["rngs", "device", "dtype"]
    missing = [name for name in wanted if name not in present]
    if missing:
        insert_parameters(edits, function, ", ".join(f"{name}=None" for name in missing))
    if is_guarded(node):
        start = edits.spans[_first_statement(function)][0]
        indent = " " * (function.col_offset + 4)
        guard = f"if dtype not in (None, jnp.float32):\n{indent}    {_GUARD}\n{indent}"
        edits.replace_text(function, start, start, guard)


def _own_constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    found = [s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"]
    return found[0] if found else None


def _first_statement(function: ast.FunctionDef) -> ast.stmt:
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return function.body[1] if is_text and len(function.body) > 1 else first
