"""Blocks of memory, and who shows or holds them: the state between two statements.

A block is a path. It starts with a name from outside (``x``) or with the place in the text where
the block is made (``12:4``); what follows is a field (``.k``, ``[0]``) or a `Part` of an array. A
block overlaps with what its path leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

ANY = "[]"  # a field: any item
_OLDER = "'"


class Part(NamedTuple):
    """A part of an array: those of one family with other members do not overlap.

    ``family`` is where an array was cut, or the form of an index; ``member`` is which part that is.
    """

    family: str
    member: str = ""


Block = tuple[str | Part, ...]
Blocks = frozenset[Block]
NOTHING: Blocks = frozenset()


def part_of(block: Block, item: str) -> Block:
    """Item ``[0]`` of what is not known to be a container: a row, or one of several parts."""
    last = block[-1]
    if item == ANY:
        return block
    if isinstance(last, Part) and not last.member:
        return (*block[:-1], Part(last.family, item))
    return (*block, Part(ANY, item))


def overlap(one: Block, other: Block) -> bool:
    """Whether two blocks may have memory in common."""
    if one[0] != other[0]:
        return False
    for first, second in zip(one[1:], other[1:], strict=False):
        if first != second:
            return not _are_apart(first, second)
    return True


def ageless(block: Block) -> Block:
    """A block as it was when its place made it last."""
    return tuple(
        part.rstrip(_OLDER)
        if isinstance(part, str)
        else Part(part.family, part.member.rstrip(_OLDER))
        for part in block
    )


def _are_apart(first: str | Part, second: str | Part) -> bool:
    if isinstance(first, Part) and isinstance(second, Part):
        known = first.member and second.member
        return bool(known) and first.family == second.family
    return isinstance(first, str) and isinstance(second, str) and ANY not in (first, second)


@dataclass
class State:
    """The blocks that names show, and that the fields of blocks hold."""

    names: dict[str, Blocks] = field(default_factory=dict)
    fields: dict[tuple[Block, str], Blocks] = field(default_factory=dict)

    def copy(self) -> State:
        """A state that changes on its own."""
        return State(dict(self.names), dict(self.fields))

    def join(self, other: State) -> None:
        """Let this also be what another way through the code leads to."""
        for name, blocks in other.names.items():
            self.names[name] = self.name(name) | blocks
        for name in self.names.keys() - other.names.keys():
            self.names[name] |= other.name(name)
        for place, blocks in other.fields.items():
            self.fields[place] = self.fields.get(place, NOTHING) | blocks

    def name(self, name: str) -> Blocks:
        """What a name shows; one that nothing has bound has a block of its own."""
        return self.names.get(name, frozenset([(name,)]))

    def read(self, blocks: Iterable[Block], item: str) -> Iterator[Block]:
        """What field ``item`` of one of ``blocks`` holds."""
        for block in blocks:
            held = [
                content
                for (owner, name), contents in self.fields.items()
                if owner == block
                and (item == ANY or name in (item, ANY))
                and (item.startswith(".") == name.startswith(".") or ANY in (item, name))
                for content in contents
            ]
            yield from held or [(*block, item)]

    def keep(self, blocks: Blocks, item: str, contents: Blocks, *, surely: bool = False) -> None:
        """Store ``contents`` in a field of ``blocks``."""
        for block in blocks:
            known = NOTHING if surely and len(blocks) == 1 else self.fields.get((block, item))
            self.fields[block, item] = contents | (known or NOTHING)

    def reached(self, blocks: Iterable[Block], but: frozenset[tuple[Block, str]]) -> set[Block]:
        """``blocks`` and what their fields hold, without what only the fields ``but`` hold."""
        found: set[Block] = set()
        queue = list(blocks)
        while queue:
            block = queue.pop()
            if block not in found:
                found.add(block)
                for place, contents in self.fields.items():
                    if place[0][: len(block)] == block and place not in but:
                        queue += contents
        return found

    def age(self, made: set[str | Part]) -> None:
        """What was made or taken at these places is older than what will be."""
        if not made:
            return
        self.names = {name: _aged(blocks, made) for name, blocks in self.names.items()}
        aged: dict[tuple[Block, str], Blocks] = {}
        for (owner, item), blocks in self.fields.items():
            (place,) = _aged(frozenset([owner]), made)
            aged[place, item] = aged.get((place, item), NOTHING) | _aged(blocks, made)
        self.fields = aged


def _aged(blocks: Blocks, made: set[str | Part]) -> Blocks:
    return frozenset(tuple(_older(p) if p in made else p for p in block) for block in blocks)


def _older(part: str | Part) -> str | Part:
    return Part(part.family, part.member + _OLDER) if isinstance(part, Part) else part + _OLDER
