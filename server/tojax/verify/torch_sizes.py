"""Inputs of another size: with more rows along their first axes, with one, or wider."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tojax.verify.torch_values import change_tensors, is_float, is_plain
from tojax.verify.torch_variation import as_ordered
from tojax.verify.tree import collect_leaves

Change = Callable[[Any], Any]

LESS = 1 - 2.0**-4  # times as much is in a row that is added, lest it equal another
LONGER, SINGLE, WIDER = "of another size", "of one row", "of another width"
RESIZED = {LONGER, SINGLE, WIDER}


def longer(axes: int, *, throughout: bool) -> Change:
    """Tensors with one row more along their first axes.

    Args:
        axes: along how many, where they are as long as those of the first tensor.
        throughout: along every axis that is as long as one of them.
    """

    def grown(value: Any) -> Any:
        tensors = collect_leaves(value, lambda leaf: is_plain(leaf) and leaf.ndim >= axes)
        sizes = next((tuple(tensor.shape[:axes]) for tensor in tensors.values()), ())
        if len(set(sizes)) < axes:
            return value  # a square would stay one

        def change(leaf: torch.Tensor) -> torch.Tensor:
            longer = leaf.detach()
            for axis, size in enumerate(leaf.shape):
                is_one = size in sizes if throughout else sizes[axis : axis + 1] == (size,)
                if is_one and size:
                    longer = _with_more(longer, axis, 1)
            return longer if longer.shape == leaf.shape else as_ordered(longer, leaf)

        return change_tensors(value, change)

    return grown


def of_one_batch(change: Change) -> Change:
    """A change for tensors that all have as many rows."""

    def changed(value: Any) -> Any:
        tensors = collect_leaves(value, is_plain).values()
        return (
            change(value)
            if len({tensor.shape[:1] for tensor in tensors if tensor.ndim}) == 1
            else value
        )

    return changed


def single(value: Any) -> Any:
    """Tensors with one row, where they had as many as the first of them."""
    tensors = collect_leaves(value, lambda leaf: is_plain(leaf) and leaf.ndim > 0)
    size = next((len(tensor) for tensor in tensors.values()), 1)

    def change(leaf: torch.Tensor) -> torch.Tensor:
        return as_ordered(leaf.detach()[:1].clone(), leaf)

    return change_tensors(value, change, lambda leaf: leaf.ndim > 0 and len(leaf) == size > 1)


def wider(*, doubled: bool, channels_last: bool) -> Change:
    """Images, volumes and signals of another width, height and depth, with as many channels.

    What lies beside the first of them grows where it is as wide, counted from its end.

    Args:
        doubled: twice as wide, as halves of a network's layers may demand; otherwise by a little,
            which shows how edges are met, and by more along each axis that follows.
        channels_last: the last axis is left alone, and not the second one.
    """

    def grown(value: Any) -> Any:
        found = collect_leaves(value, lambda v: is_plain(v) and is_float(v) and 3 <= v.ndim <= 5)
        first = next(iter(found.values()), None)
        if first is None:
            return value
        axes = range(2 - first.ndim - channels_last, -1 if channels_last else 0)
        more = {
            axis: first.shape[axis] if doubled else number
            for number, axis in enumerate(axes, 1)
            if first.shape[axis] > 1
        }

        def change(leaf: torch.Tensor) -> torch.Tensor:
            wide = leaf.detach()
            for axis, count in more.items():
                if -axis <= leaf.ndim and leaf.shape[axis] == first.shape[axis]:
                    wide = _with_more(wide, axis, count)
            return wide

        return change_tensors(value, change)

    return grown


def of_one_width(change: Change) -> Change:
    """A change for tensors that are all equally wide, as an image and weights are not."""

    def changed(value: Any) -> Any:
        tensors = collect_leaves(value, lambda leaf: is_plain(leaf) and leaf.ndim > 0).values()
        return change(value) if len({tensor.shape[1:] for tensor in tensors}) == 1 else value

    return changed


def _with_more(leaf: torch.Tensor, axis: int, count: int) -> torch.Tensor:
    rows = leaf.narrow(axis, 0, min(count, leaf.shape[axis]))
    return torch.cat([leaf, rows * LESS if is_float(rows) else rows], axis)
