"""Edits a call over several lines in place, so that it keeps its layout and its comments."""

from __future__ import annotations

import ast

from tojax.translate.context import FileContext
from tojax.translate.edits import Edits
from tojax.translate.rngs.units import pass_rngs


def edit_in_place(context: FileContext, node: ast.Call, made: ast.expr) -> bool:
    """Turn an original call into ``made``, if its arguments stay and keep their order.

    Returns whether that was possible.
    """
    edits = context.edits
    if not isinstance(made, ast.Call) or node not in edits.spans:
        return False
    if "\n" not in edits.source(node) or any(k.arg is None for k in made.keywords):
        return False
    old = [(None, _inner(a)) for a in node.args] + [(k, k.value) for k in node.keywords]
    new = [(None, _inner(a)) for a in made.args] + [(k.arg, k.value) for k in made.keywords]
    added = new[len(old) :]
    if len(old) > len(new) or any(o[1] is not n[1] for o, n in zip(old, new, strict=False)):
        return False
    if any(not isinstance(value, ast.Name) or value.id != "rngs" for _, value in added):
        return False
    edits.replace(node.func, made.func)
    context.done.add(node.func)
    for (keyword, value), (name, _) in zip(old, new, strict=False):
        start = edits.spans[keyword or value][0]
        if keyword is not None and keyword.arg != name:
            text = f"{name}=" if name else ""
            edits.replace_text(keyword, start, _end_of_name(edits, keyword), text)
        elif keyword is None and name is not None:
            edits.replace_text(node, start, start, f"{name}=")
    if added:
        pass_rngs(context, node)
    return True


def _end_of_name(edits: Edits, keyword: ast.keyword) -> int:
    """Where the value of ``name = value`` begins, with the parentheses around it."""
    source, start = edits.text.source, edits.spans[keyword][0]
    place = source.index("=", start) + 1
    while source[place] in " \t":
        place += 1
    return place


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node
