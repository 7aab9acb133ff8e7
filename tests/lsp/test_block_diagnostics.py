"""Diagnostics that were written before are put into messages as they are."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from lsprotocol import types
from pydantic_core import to_json
from pygls.lsp.server import LanguageServer
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from tojax.lsp.block_diagnostics import BlockDiagnostics, Diagnostics
from tojax.lsp.protocol import Protocol, converter


def _item(line: int, message: str) -> types.Diagnostic:
    place = types.Range(types.Position(line, 0), types.Position(line, 3))
    return types.Diagnostic(place, message, code="TJ101", data={"name": "torch.é"})


BLOCKS = [[], [_item(1, 'say "items":[] twice'), _item(2, "ü\n")], [_item(7, "three")]]


def _message(identifier: Any, items: list[types.Diagnostic]) -> JsonRPCResponseMessage:
    report = types.RelatedFullDocumentDiagnosticReport(items, result_id='"items":[]')
    return JsonRPCResponseMessage(identifier, "2.0", report)


@pytest.mark.parametrize("blocks", [BLOCKS, [], [[]]], ids=["three", "none", "an empty one"])
@pytest.mark.parametrize("identifier", [1, "one", '"items":[]'])
def test_the_message_is_the_same(
    identifier: int | str, blocks: list[list[types.Diagnostic]]
) -> None:
    protocol = LanguageServer(
        "test", "1", protocol_cls=Protocol, converter_factory=converter
    ).protocol
    assert isinstance(protocol, Protocol)
    encode = partial(to_json, fallback=protocol._serialize_message)
    made = Diagnostics([BlockDiagnostics(items) for items in blocks])
    flat = [item for items in blocks for item in items]
    assert list(made) == flat
    for _ in range(2):
        written = json.loads(protocol._written(_message(identifier, made), encode))
        assert written == json.loads(encode(_message(identifier, flat)))
        assert written["id"] == identifier


def test_a_block_is_written_once() -> None:
    encoded: list[list[types.Diagnostic]] = []

    def encode(items: list[types.Diagnostic]) -> bytes:
        encoded.append(items)
        return to_json([item.message for item in items])

    kept = BlockDiagnostics(BLOCKS[1])
    assert json.loads(Diagnostics([kept]).json(encode)) == [item.message for item in BLOCKS[1]]
    both = Diagnostics([kept, BlockDiagnostics(BLOCKS[2])])
    assert json.loads(both.json(encode)) == [item.message for item in BLOCKS[1] + BLOCKS[2]]
    assert encoded == [BLOCKS[1], BLOCKS[2]]
