"""Fresh values in place of inputs that are the same for every seed.

A version that returns stored results instead of computing them agrees on inputs that never change.
"""

from __future__ import annotations

from typing import Any

import torch

from tojax.verify.torch_values import is_float
from tojax.verify.tree import collect_leaves, map_leaves

SMALL = 2.0**-10  # powers of two, which round nothing
LARGE = 2.0**7


def varied(value: Any, seed: int, *, freely: bool) -> Any:
    """The same arguments with other numbers, of which PyTorch may refuse to take some.

    What is symmetric or sorted stays so. Without floats, rows of integers are permuted.

    Args:
        value: arguments, possibly nested.
        seed: selects the numbers.
        freely: floats are moved, of either sign; otherwise they are shrunk, which keeps sign and
            bounds.
    """
    generator = torch.Generator().manual_seed(seed)
    has_floats = bool(collect_leaves(value, is_float))

    def change(path: str, leaf: Any) -> Any:
        if type(leaf) is not torch.Tensor or leaf.layout is not torch.strided:
            return leaf
        if is_float(leaf):
            leaf = leaf.detach()
            other = _moved(leaf, generator) if freely else _shrunk(leaf, generator)
            return as_ordered(other, leaf)
        return leaf if has_floats else _permuted(leaf, generator)

    return map_leaves(value, change)


def small(value: Any) -> Any:
    """The same arguments with floats so small that what is added to them shows."""
    return _scaled(value, SMALL)


def large(value: Any, factor: float = LARGE) -> Any:
    """The same arguments with floats so large that limits are passed."""
    return _scaled(value, factor)


def _scaled(value: Any, factor: float) -> Any:
    def change(path: str, leaf: Any) -> Any:
        if type(leaf) is not torch.Tensor or not is_float(leaf):
            return leaf
        has_room = torch.finfo(leaf.dtype).tiny < SMALL**8  # as float16 has not
        return leaf.detach() * factor if has_room else leaf

    return map_leaves(value, change)


def of_both_signs(value: Any) -> Any:
    """The same arguments with signs drawn for what is of one sign throughout.

    Without floats, that is integers.
    """
    generator = torch.Generator().manual_seed(0)
    has_floats = bool(collect_leaves(value, is_float))

    def change(path: str, leaf: Any) -> Any:
        if type(leaf) is not torch.Tensor or leaf.layout is not torch.strided:
            return leaf
        if is_float(leaf) is not has_floats or leaf.dtype in (torch.bool, torch.uint8):
            return leaf
        leaf = leaf.detach()
        if leaf.is_complex() or bool((leaf > 0).any()) is bool((leaf < 0).any()):
            return leaf
        signs = torch.randint(0, 2, leaf.shape, generator=generator) * 2 - 1
        return as_ordered(leaf * signs.to(leaf.device, leaf.dtype), leaf)

    return map_leaves(value, change)


def _moved(leaf: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    noise = torch.randn(leaf.shape, generator=generator).to(leaf.device, leaf.dtype)
    return leaf + noise * (leaf.abs().mean() if bool(leaf.any()) else 1)


def _shrunk(leaf: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    factor = torch.rand(leaf.shape, generator=generator).to(leaf.device, leaf.dtype)
    return leaf * (0.5 + factor / 2) if bool(leaf.any()) else factor


def as_ordered(other: torch.Tensor, leaf: torch.Tensor) -> torch.Tensor:
    """``other`` as symmetric and as sorted as ``leaf`` is."""
    if is_square(leaf) and is_square(other) and bool((leaf == leaf.mT).all()):
        return ((other + other.mT) / 2).to(leaf.dtype)
    if leaf.is_complex() or leaf.ndim == 0 or leaf.shape[-1] < 2:
        return other
    steps = leaf.diff(dim=-1)
    if bool((steps >= 0).all()) or bool((steps <= 0).all()):
        return other.sort(dim=-1, descending=bool((steps < 0).any())).values
    return other


def is_square(leaf: torch.Tensor) -> bool:
    """Whether the last two axes are equally long."""
    return leaf.ndim >= 2 and leaf.shape[-1] == leaf.shape[-2]


def _permuted(leaf: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    axis = next((axis for axis, size in enumerate(leaf.shape) if size > 1), None)
    if axis is None:
        return leaf
    order = torch.randperm(leaf.shape[axis], generator=generator).to(leaf.device)
    return leaf.index_select(axis, order)
