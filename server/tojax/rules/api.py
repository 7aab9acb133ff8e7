"""Decorators that say which PyTorch names a rule stands for.

At run time they only mark the function: the engine reads rule modules as source and never
imports them, tests import them to compare each rule with PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

Rule = TypeVar("Rule")


def torch_api(
    *names: str,
    fields: tuple[str, ...] = (),
    state: Mapping[str, str] | None = None,
    **initializers: object,
) -> Callable[[Rule], Rule]:
    """Mark a function or an NNX class as the JAX version of the PyTorch ``names``.

    Args:
        names: qualified PyTorch names, such as ``"torch.sum"`` and ``"torch.Tensor.sum"``.
        fields: names of the items where PyTorch returns a named tuple.
        state: for a layer that becomes one of NNX's own: PyTorch state-dict entry → NNX attribute,
            with the suffix ``.T`` where the array is transposed.
        initializers: for a layer that has arguments for initializers: the values with which its
            parameters start like PyTorch's. A rule function has the argument ``init`` instead,
            which is ``"flax"`` or ``"torch"``.
    """
    return lambda rule: rule


def torch_property(*names: str) -> Callable[[Rule], Rule]:
    """Mark a function of one array as the JAX version of a PyTorch attribute."""
    return lambda rule: rule
