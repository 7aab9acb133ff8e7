"""Constructs: the places where PyTorch is used, as `tojax check` matches them."""

from __future__ import annotations

from typing import NamedTuple

from tojax.nouns import Position, Range
from tojax.rules.patterns import ConstructKind, Place


class Construct(NamedTuple):
    """One place where PyTorch is used.

    ``name`` is the qualified PyTorch name, empty for kinds that are about an array's value.
    ``arguments`` are the positions and keywords given to a call (``("0", "momentum")``), ``within``
    tells where it stands: ``class``, ``module`` (a class that is an `nn.Module`), ``function``,
    ``forward``, ``init``, ``loop``, ``no_grad``. ``place`` is its first and last line and column.
    """

    kind: ConstructKind
    name: str
    place: tuple[int, int, int, int]
    arguments: tuple[str, ...] = ()
    within: tuple[Place, ...] = ()

    @property
    def range(self) -> Range:
        """Its range, lines and columns from zero, columns in code points."""
        line, column, end_line, end_column = self.place
        return Range(
            start=Position(line=line, column=column),
            end=Position(line=end_line, column=end_column),
        )

    def moved(self, lines: int) -> Construct:
        """The same construct, that many lines further down."""
        line, column, end_line, end_column = self.place
        place = (line + lines, column, end_line + lines, end_column)
        return Construct(self.kind, self.name, place, self.arguments, self.within)
