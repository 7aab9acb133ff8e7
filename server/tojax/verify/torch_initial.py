"""The state in which a module starts, as far as no chance decides it.

PyTorch's state is loaded into the JAX version before the two are compared, which would hide a table
of positions, a mask or a scale that the JAX version's own constructor makes otherwise.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

from tojax.verify.torch_values import state_arrays
from tojax.verify.tree import NumpyArray

State = dict[str, torch.Tensor]


def certain_state(first: State, build: Callable[[], torch.nn.Module]) -> dict[str, NumpyArray]:
    """The entries of a module's state that are the same whatever the seed.

    A constructor that seeds by itself tells nothing of chance: none of its entries is among them.

    Args:
        first: the state of the module, built just before.
        build: builds it again, under another seed.
    """
    before = _generators()
    with contextlib.suppress(Exception), _OwnGenerators() as own:
        others = state_arrays(build().state_dict())
        seeds = any(a == b for a, b in zip(before, _generators(), strict=True))
        if not own.found and not seeds:
            arrays = state_arrays(first)
            return {n: v for n, v in arrays.items() if n in others and _is_same(v, others[n])}
    return {}


class _OwnGenerators(TorchFunctionMode):
    """Notes whether anything is drawn from another generator than PyTorch's default one."""

    found = False

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        values = [*args, *(kwargs or {}).values()]
        self.found = self.found or any(isinstance(value, torch.Generator) for value in values)
        return func(*args, **(kwargs or {}))


def _generators() -> list[Any]:
    """The states of the generators that code may seed."""
    numbers: Any = np.random.get_state(legacy=False)
    return [
        torch.get_rng_state().numpy().tobytes(),
        numbers["state"]["key"].tobytes(),
        random.getstate(),
    ]


def _is_same(one: NumpyArray, other: NumpyArray) -> bool:
    return one.dtype == other.dtype and one.tobytes() == other.tobytes() and bool(one.size)
