"""Diagnostics block by block: an edit leaves most blocks, and the JSON for them, as they were."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from lsprotocol import types

Encode = Callable[[list[types.Diagnostic]], bytes]


class BlockDiagnostics:
    """The diagnostics of one block."""

    def __init__(self, items: list[types.Diagnostic]) -> None:
        self.items = items
        self._json: bytes | None = None

    def json(self, encode: Encode) -> bytes:
        """The items as JSON, without the brackets around them."""
        if self._json is None:
            self._json = encode(self.items)[1:-1]
        return self._json


class Diagnostics(list[types.Diagnostic]):
    """The diagnostics of a document, which know their blocks."""

    def __init__(self, blocks: list[BlockDiagnostics]) -> None:
        super().__init__(chain.from_iterable(block.items for block in blocks))
        self._blocks = [block for block in blocks if block.items]

    def json(self, encode: Encode) -> bytes:
        """All of them as a JSON array."""
        return b"[%b]" % b",".join(block.json(encode) for block in self._blocks)
