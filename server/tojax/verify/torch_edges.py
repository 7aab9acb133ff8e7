"""Inputs at the edges: of other sizes, with equal values and zeros, with NaN, under full masks.

Integers that are all zero or one are taken for flags, as masks of tokens often are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from tojax.verify.laws import COARSE
from tojax.verify.torch_modules import is_constant
from tojax.verify.torch_sizes import (
    LONGER,
    SINGLE,
    WIDER,
    Change,
    longer,
    of_one_batch,
    of_one_width,
    single,
    wider,
)
from tojax.verify.torch_values import change_tensors, is_float

# Which of equal values they put first is left open.
LEAVE_ORDER_OPEN = {"topk", "sort", "argsort", "kthvalue", "median", "mode", "msort"}
MIND_NAN = {"nan_to_num", "nan_to_num_", "isnan", "isinf", "isfinite", "fmax", "fmin"} | {
    f"nan{name}" for name in ("sum", "mean", "median", "quantile")
}


LIMIT = {"clamp", "clip", "clamp_min", "clamp_max", "hardtanh", "threshold", "gt", "ge", "lt", "le"}


class Functions(TorchFunctionMode):
    """While entered, notes the names of PyTorch's functions that are called.

    ``limit`` is the largest number that any of them holds floats against.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.limit = 0.0

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        name, kwargs = getattr(func, "__name__", ""), kwargs or {}
        self.names.add(name)
        values = [*args, *kwargs.values()]
        if name.strip("_") in LIMIT and any(map(is_float, values)):
            numbers = [value for value in values if type(value) in (int, float)]
            self.limit = max([self.limit, *[abs(v) for v in numbers if math.isfinite(v)]])
        return func(*args, **kwargs)


def edges(functions: set[str], *, is_of_data: bool) -> Iterator[tuple[str, list[Change]]]:
    """Kinds of inputs, each with its changes of the usual ones in order of preference.

    Args:
        functions: the names of PyTorch's functions that the code calls.
        is_of_data: no input is a weight, whose size the code that brings it may know.
    """
    widths = [wider(doubled=d, channels_last=c) for c in (False, True) for d in (False, True)]
    if is_of_data:
        sizes = ((2, True), (2, False), (1, False), (1, True))
        yield LONGER, [longer(n, throughout=t) for n, t in sizes]
        yield SINGLE, [single]
        yield WIDER, widths
    else:
        yield LONGER, [of_one_batch(longer(1, throughout=False))]
        yield SINGLE, [of_one_batch(single)]
        yield WIDER, [of_one_width(change) for change in widths]
    if not functions & LEAVE_ORDER_OPEN:
        yield COARSE, [lambda value: first_row(coarse(value), 0.0), coarse]
    if functions & MIND_NAN:
        infinities = [lambda value: spotted(value, "nan", "inf", "-inf")]
        yield "not finite", [*infinities, lambda value: spotted(value, "nan")]
    yield "masked", [some_rows, lambda value: masks(value, True), lambda value: masks(value, False)]
    yield "masked in part", [ends_cut]


def coarse(value: Any) -> Any:
    """Floats rounded to quarters, so that many are equal and some lie where functions break."""
    return change_tensors(value, lambda leaf: (leaf.detach() * 4).round() / 4, _is_real)


def first_row(value: Any, number: float) -> Any:
    """Floats with one number throughout the first row."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        leaf = leaf.detach().clone()
        leaf[:1] = number
        return leaf

    return change_tensors(value, change, lambda leaf: _is_real(leaf) and leaf.ndim > 0)


def spotted(value: Any, *numbers: str) -> Any:
    """Floats that begin with such numbers."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        flat = leaf.detach().flatten().clone()
        spots = torch.tensor([float(number) for number in numbers[: flat.numel()]])
        flat[: len(spots)] = spots.to(flat)
        return flat.reshape(leaf.shape)

    return change_tensors(value, change, _is_real)


def some_rows(value: Any) -> Any:
    """Flags that are all set in the first row, and none in the last."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        rows = leaf.clone().reshape(-1, leaf.shape[-1])
        rows[:1], rows[-1:] = True, False
        return rows.reshape(leaf.shape)

    return change_tensors(value, change, _is_flags)


def ends_cut(value: Any) -> Any:
    """Flags that were all the same, of which every row now ends in the other one."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        leaf = leaf.clone()
        end = leaf[..., leaf.shape[-1] // 2 + 1 :]
        end.copy_(1 - end.long())
        return leaf

    return change_tensors(value, change, lambda leaf: _is_flags(leaf) and is_constant(leaf))


def masks(value: Any, flag: bool) -> Any:
    """Flags that are all set, or all not."""
    return change_tensors(value, lambda leaf: torch.full_like(leaf, flag), _is_flags)


def _is_real(leaf: torch.Tensor) -> bool:
    return is_float(leaf) and not leaf.is_complex()


def _is_integer(leaf: torch.Tensor) -> bool:
    return not (leaf.is_floating_point() or leaf.is_complex() or leaf.dtype is torch.bool)


def _is_flags(leaf: torch.Tensor) -> bool:
    if not (leaf.ndim and leaf.numel()):
        return False
    return leaf.dtype is torch.bool or (
        _is_integer(leaf) and bool(((leaf == 0) | (leaf == 1)).all())
    )
