"""Inputs at the edges: of another size, with equal values and zeros, with NaN, under full masks.

Integers that are all zero or one are taken for flags, as masks of tokens often are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from tojax.verify.laws import COARSE
from tojax.verify.torch_modules import is_constant
from tojax.verify.torch_values import is_float
from tojax.verify.torch_variation import as_ordered
from tojax.verify.tree import collect_leaves, map_leaves

Change = Callable[[Any], Any]

# Which of equal values they put first is left open.
LEAVE_ORDER_OPEN = {"topk", "sort", "argsort", "kthvalue", "median", "mode", "msort"}
MIND_NAN = {"nan_to_num", "nan_to_num_", "isnan", "isinf", "isfinite", "fmax", "fmin"} | {
    f"nan{name}" for name in ("sum", "mean", "median", "quantile")
}
LESS = 1 - 2.0**-4  # times as much is in a row that is added, lest it equal another
LONGER, SINGLE = "of another size", "of one row"
RESIZED = {LONGER, SINGLE}


class Functions(TorchFunctionMode):
    """While entered, notes the names of PyTorch's functions that are called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        self.names.add(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))


def edges(functions: set[str], *, is_of_data: bool) -> Iterator[tuple[str, list[Change]]]:
    """Kinds of inputs, each with its changes of the usual ones in order of preference.

    Args:
        functions: the names of PyTorch's functions that the code calls.
        is_of_data: no input is a weight, whose size the code that brings it may know.
    """
    if is_of_data:
        sizes = ((2, True), (2, False), (1, False), (1, True))
        yield LONGER, [longer(n, throughout=t) for n, t in sizes]
        yield SINGLE, [single]
    else:
        yield LONGER, [of_one_batch(longer(1, throughout=False))]
        yield SINGLE, [of_one_batch(single)]
    if not functions & LEAVE_ORDER_OPEN:
        yield COARSE, [lambda value: first_row(coarse(value), 0.0), coarse]
    if functions & MIND_NAN:
        infinities = [lambda value: spotted(value, "nan", "inf", "-inf")]
        yield "not finite", [*infinities, lambda value: spotted(value, "nan")]
    yield "masked", [some_rows, lambda value: masks(value, True), lambda value: masks(value, False)]
    yield "masked in part", [ends_cut]


def longer(axes: int, *, throughout: bool) -> Change:
    """Tensors with one row more along their first axes.

    Args:
        axes: along how many, where they are as long as those of the first tensor.
        throughout: along every axis that is as long as one of them.
    """

    def grown(value: Any) -> Any:
        tensors = collect_leaves(value, lambda leaf: _is_plain(leaf) and leaf.ndim >= axes)
        sizes = next((tuple(tensor.shape[:axes]) for tensor in tensors.values()), ())
        if len(set(sizes)) < axes:
            return value  # a square would stay one

        def change(leaf: torch.Tensor) -> torch.Tensor:
            longer = leaf.detach()
            for axis, size in enumerate(leaf.shape):
                is_one = size in sizes if throughout else sizes[axis : axis + 1] == (size,)
                if is_one and size:
                    row = longer.narrow(axis, 0, 1)
                    longer = torch.cat([longer, row * LESS if is_float(row) else row], axis)
            return longer if longer.shape == leaf.shape else as_ordered(longer, leaf)

        return _changed(value, change)

    return grown


def of_one_batch(change: Change) -> Change:
    """A change for tensors that all have as many rows."""

    def changed(value: Any) -> Any:
        tensors = collect_leaves(value, _is_plain).values()
        return (
            change(value)
            if len({tensor.shape[:1] for tensor in tensors if tensor.ndim}) == 1
            else value
        )

    return changed


def single(value: Any) -> Any:
    """Tensors with one row, where they had as many as the first of them."""
    tensors = collect_leaves(value, lambda leaf: _is_plain(leaf) and leaf.ndim > 0)
    size = next((len(tensor) for tensor in tensors.values()), 1)

    def change(leaf: torch.Tensor) -> torch.Tensor:
        return as_ordered(leaf.detach()[:1].clone(), leaf)

    return _changed(value, change, lambda leaf: leaf.ndim > 0 and len(leaf) == size > 1)


def coarse(value: Any) -> Any:
    """Floats rounded to quarters, so that many are equal and some lie where functions break."""
    return _changed(value, lambda leaf: (leaf.detach() * 4).round() / 4, _is_real)


def first_row(value: Any, number: float) -> Any:
    """Floats with one number throughout the first row."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        leaf = leaf.detach().clone()
        leaf[:1] = number
        return leaf

    return _changed(value, change, lambda leaf: _is_real(leaf) and leaf.ndim > 0)


def spotted(value: Any, *numbers: str) -> Any:
    """Floats that begin with such numbers."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        flat = leaf.detach().flatten().clone()
        spots = torch.tensor([float(number) for number in numbers[: flat.numel()]])
        flat[: len(spots)] = spots.to(flat)
        return flat.reshape(leaf.shape)

    return _changed(value, change, _is_real)


def some_rows(value: Any) -> Any:
    """Flags that are all set in the first row, and none in the last."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        rows = leaf.clone().reshape(-1, leaf.shape[-1])
        rows[:1], rows[-1:] = True, False
        return rows.reshape(leaf.shape)

    return _changed(value, change, _is_flags)


def ends_cut(value: Any) -> Any:
    """Flags that were all the same, of which every row now ends in the other one."""

    def change(leaf: torch.Tensor) -> torch.Tensor:
        leaf = leaf.clone()
        end = leaf[..., leaf.shape[-1] // 2 + 1 :]
        end.copy_(1 - end.long())
        return leaf

    return _changed(value, change, lambda leaf: _is_flags(leaf) and is_constant(leaf))


def masks(value: Any, flag: bool) -> Any:
    """Flags that are all set, or all not."""
    return _changed(value, lambda leaf: torch.full_like(leaf, flag), _is_flags)


def _is_plain(leaf: Any) -> bool:
    return type(leaf) is torch.Tensor and leaf.layout is torch.strided


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


def _changed(
    value: Any,
    change: Callable[[torch.Tensor], torch.Tensor],
    concerns: Callable[[torch.Tensor], bool] = lambda leaf: True,
) -> Any:
    """Arguments with the tensors changed that a change concerns."""

    def look(path: str, leaf: Any) -> Any:
        return change(leaf) if _is_plain(leaf) and concerns(leaf) else leaf

    return map_leaves(value, look)
