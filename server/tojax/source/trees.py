"""Walks over syntax trees, several times as fast as those of `ast`.

Contexts and operators (``ast.Load()``, ``ast.Add()``), which all trees share, are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Fields that never hold a node of the kind that is walked over, where no class uses them otherwise.
_OTHERS = frozenset(
    ("ctx", "op", "ops", "id", "attr", "kind", "level", "module", "conversion", "type_comment")
)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a class of nodes in which there may be nodes."""

    def __missing__(self, made: type[ast.AST]) -> tuple[str, ...]:
        fields = () if made is ast.Constant else made._fields
        self[made] = tuple(name for name in fields if name not in _OTHERS)
        return self[made]


_FIELDS = _Fields()


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below a node, in the order of `ast.iter_child_nodes`."""
    found: list[ast.AST] = []
    for name in _FIELDS[node.__class__]:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, level by level, in the order of `ast.walk`."""
    found = [node]
    push = found.append
    is_node = ast.AST
    fields = _FIELDS
    for current in found:
        for name in fields[current.__class__]:
            value = getattr(current, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, is_node):
                        push(item)
            elif isinstance(value, is_node):
                push(value)
        yield current
