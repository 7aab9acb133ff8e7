"""How user code writes an operator: as a function, a method, a property, an infix operator."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import torch
from torch.testing._internal.opinfo.core import OpInfo

from tests.conformance.source import Written

_INFIX = {
    "add": "+", "sub": "-", "mul": "*", "true_divide": "/", "div": "/", "floor_divide": "//",
    "remainder": "%", "pow": "**", "matmul": "@", "eq": "==", "ne": "!=", "lt": "<", "le": "<=",
    "gt": ">", "ge": ">=", "bitwise_and": "&", "bitwise_or": "|", "bitwise_xor": "^",
    "bitwise_left_shift": "<<", "bitwise_right_shift": ">>",
}  # fmt: skip
_REFLECTED = {
    "__radd__": "+", "__rsub__": "-", "__rmul__": "*", "__rdiv__": "/", "__rmod__": "%",
    "__rpow__": "**", "__rand__": "&", "__ror__": "|", "__rxor__": "^", "__rmatmul__": "@",
}  # fmt: skip
_PREFIX = {"neg": "-", "bitwise_not": "~", "abs": "abs"}
_PROPERTIES = {"T", "H", "mT", "mH", "real", "imag"}
# Functions whose first argument in the database is not the first of the call.
_ARGUMENT_FIRST = {
    "einsum", "nn.functional.embedding", "nn.functional.embedding_bag", "polygamma",
    "special.polygamma",
}  # fmt: skip


def forms(op: OpInfo, written: Written) -> Iterator[str]:
    """Expressions that may stand for the operator on a sample, commonest first.

    Not all need mean what the database means: the caller checks that by running them.
    """
    first, rest, keywords = written.input, list(written.args), written.keywords
    function = function_name(op.name) or _kernel_name(op)
    if function is not None:
        swapped = op.name in _ARGUMENT_FIRST
        given = [rest[0], first, *rest[1:]] if swapped else [first, *rest]
        yield _call(function, given, keywords)
        if first.startswith("["):
            yield _call(function, [*first[1:-1].split(", "), *rest], keywords)
    if op.name in _PROPERTIES:
        yield f"{first}.{op.name}"
    if not written.input_is_tensor:
        return
    name = op.name.rpartition(".")[2]
    if not name.startswith("_") and hasattr(torch.Tensor, name) and name not in _PROPERTIES:
        yield _call(f"{first}.{name}", rest, keywords)
    if len(rest) == 1 and not keywords:
        if op.name in _INFIX:
            yield f"{first} {_INFIX[op.name]} {rest[0]}"
        if op.name in _REFLECTED:
            yield f"{rest[0]} {_REFLECTED[op.name]} {first}"
        if op.name == "__getitem__":
            yield f"{first}[{_index(rest[0])}]"
    if not rest and not keywords and op.name in _PREFIX:
        yield f"{_PREFIX[op.name]}({first})"


@functools.cache
def function_name(name: str) -> str | None:
    """``F.relu`` for ``nn.functional.relu``, ``torch.fft.fft`` for ``fft.fft``; None if none."""
    found: object = torch
    for part in name.split("."):
        found = getattr(found, part, None)
    if not callable(found) or name.startswith("__"):
        return None
    return "F." + name.removeprefix("nn.functional.") if "functional" in name else f"torch.{name}"


def _kernel_name(op: OpInfo) -> str | None:
    """``torch.ops.aten.slice.Tensor`` for an operator that only ``torch.ops`` offers."""
    is_kernel = isinstance(op.op, torch._ops.OpOverload | torch._ops.OpOverloadPacket)
    return f"torch.ops.{op.op}" if is_kernel else None


def _call(function: str, arguments: list[str], keywords: dict[str, str]) -> str:
    given = arguments + [f"{name}={value}" for name, value in keywords.items()]
    return f"{function}({', '.join(given)})"


def _index(text: str) -> str:
    return text[1:-1] if text.startswith("(") and text != "()" else text
