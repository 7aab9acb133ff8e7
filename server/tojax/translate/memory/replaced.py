"""Attributes that are given another value once a view of the old one has changed.

``b = conv.bias.view(3, -1)``, a write into ``b``, ``conv.bias = Parameter(b.view(-1))``: what JAX
does not write into the old array, nobody sees.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tojax.source.trees import walk
from tojax.translate.memory.reads import Read

if TYPE_CHECKING:
    from tojax.translate.context import FileContext

_LEAVING = ast.Break | ast.Continue | ast.Raise | ast.Return


@dataclass(frozen=True)
class Replaced:
    """Attributes that are surely assigned to after a statement, and the span until they all are."""

    targets: tuple[ast.Attribute, ...]
    start: int
    end: int

    def is_over(self, context: FileContext, read: Read) -> bool:
        """Whether a name is read after the assignments, or by them as their target."""
        at = context.edits.spans.get(read.node, (self.start, 0))[0]
        is_target = any(read.node in walk(target) for target in self.targets)
        return is_target or not self.start <= at < self.end


def replaced(context: FileContext, statement: ast.stmt) -> Replaced:
    """The attributes that the rest of a block assigns to, be the statement in a ``with`` of it."""
    start, end = context.edits.spans[statement]
    while isinstance(around := context.edits.parents[statement], ast.With):
        statement = around
    block = context.edits.block_of(statement)
    targets = []
    for later in block[block.index(statement) + 1 :]:
        match later:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name()) as target]):
                targets.append(target)
                end = context.edits.spans[later][1]
        if any(isinstance(part, _LEAVING) for part in walk(later)):
            break
    return Replaced(tuple(targets), start, end)
