"""Compare a rule of torch.nn.functional with PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tests.rules.compare import assert_same, to_jax
from tests.rules.gradients import assert_gradient


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    """Normal numbers, the same at each call."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def uniform(*shape: int, seed: int = 0) -> torch.Tensor:
    """Numbers between 0 and 1, the same at each call."""
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def integers(high: int, *shape: int, seed: int = 0) -> torch.Tensor:
    """Integers below ``high``, the same at each call."""
    return torch.randint(high, shape, generator=torch.Generator().manual_seed(seed))


def assert_agrees(
    rule: Callable[..., Any], function: Callable[..., Any], *args: Any, **kwargs: Any
) -> None:
    """Values and gradients of ``rule`` are those of ``function``."""
    got = rule(*to_jax(list(args)), **to_jax(kwargs))
    assert_same(got, function(*args, **kwargs), atol=1e-5)
    assert_gradient(rule, function, *args, **kwargs)
