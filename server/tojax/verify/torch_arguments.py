"""What a call does to the arguments that it is given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from tojax.verify.objects import is_neutral
from tojax.verify.torch_modules import is_equal
from tojax.verify.torch_values import TorchArrays
from tojax.verify.tree import Path, collect_leaves

ARRAYS = TorchArrays()


def are_pure(arguments: Any) -> bool:
    """Whether there is no object among them whose state a call could change, modules aside."""

    def holds_state(leaf: Any) -> bool:
        return not (is_neutral(leaf) or ARRAYS.is_array(leaf) or ARRAYS.is_module(leaf))

    return not collect_leaves(arguments, holds_state)


def contents(arguments: Any) -> dict[Path, Any]:
    """Copies of the tensors and numbers among arguments, by path."""
    held = collect_leaves(arguments, _is_data)
    return {p: v.detach().clone() if isinstance(v, torch.Tensor) else v for p, v in held.items()}


class MemorySaved(TorchFunctionMode):
    """While entered, notes which memory layers overwrite that are told ``inplace=True``.

    That option saves memory; that the caller's array changes, too, is no result anybody wants.
    """

    def __init__(self) -> None:
        super().__init__()
        self._overwritten: list[torch.Tensor] = []  # kept alive, lest others take their place

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if kwargs and kwargs.get("inplace") is True:
            self._overwritten += [leaf for leaf in args[:1] if isinstance(leaf, torch.Tensor)]
        return func(*args, **(kwargs or {}))

    def concerns(self, leaf: Any) -> bool:
        """Whether an array's memory is among it."""
        return isinstance(leaf, torch.Tensor) and any(
            leaf.layout is other.layout is torch.strided
            and leaf.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
            for other in self._overwritten
        )


def changed(
    before: Mapping[Path, Any], arguments: Any, results: Collection[Any], saved: MemorySaved
) -> list[Path]:
    """Where arguments are no longer what they were, and are not handed back.

    Args:
        before: their contents before the call.
        arguments: the same arguments after it.
        results: what the call gave.
        saved: what was overwritten to save memory only.
    """
    after = collect_leaves(arguments, _is_data)
    found = [path for path in before if path not in after]
    for path, leaf in after.items():
        is_same = path in before and _is_same(leaf, before[path])
        is_known = saved.concerns(leaf) or any(_is_memory_of(result, leaf) for result in results)
        if not is_same and not is_known:
            found.append(path)
    return found


def _is_data(leaf: Any) -> bool:
    return isinstance(leaf, (torch.Tensor, bool, int, float, complex))


def _is_same(leaf: Any, old: Any) -> bool:
    if not (isinstance(leaf, torch.Tensor) and isinstance(old, torch.Tensor)):
        return type(leaf) is type(old) and bool(leaf == old or leaf != leaf)
    return leaf.layout is not torch.strided or is_equal(leaf, old)


def _is_memory_of(result: Any, leaf: Any) -> bool:
    if result is leaf or not (isinstance(result, torch.Tensor) and isinstance(leaf, torch.Tensor)):
        return result is leaf
    strided = result.layout is leaf.layout is torch.strided
    return strided and result.numel() == leaf.numel() and result.data_ptr() == leaf.data_ptr()
