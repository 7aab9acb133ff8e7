"""Compare a rule with the PyTorch function that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch


def to_jax(value: Any) -> Any:
    """The same nested value with every tensor as a JAX array."""
    if isinstance(value, torch.Tensor):
        return jnp.asarray(value.detach().resolve_conj().resolve_neg().numpy())
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, (list, tuple)):
        return type(value)(to_jax(item) for item in value)
    if isinstance(value, dict):
        return {key: to_jax(item) for key, item in value.items()}
    return value


def assert_same(actual: Any, expected: Any, *, rtol: float = 2e-5, atol: float = 1e-6) -> None:
    """Structure, shapes, kinds of dtype (bool, int, float, complex) and values agree."""
    if isinstance(expected, (list, tuple)):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other, rtol=rtol, atol=atol)
        return
    if isinstance(expected, torch.Tensor):
        expected = expected.detach().resolve_conj().resolve_neg()
        is_half = expected.dtype in (torch.bfloat16, torch.float16)
        wanted = expected.float().numpy() if is_half else expected.numpy()
        got = np.asarray(actual.astype(jnp.float32) if is_half else actual)
        kinds = {"i": "i", "u": "i"}
        assert kinds.get(got.dtype.kind, got.dtype.kind) == kinds.get(
            wanted.dtype.kind, wanted.dtype.kind
        ), f"dtype {got.dtype}, PyTorch {wanted.dtype}"
        assert got.shape == wanted.shape, f"shape {got.shape}, PyTorch {wanted.shape}"
        np.testing.assert_allclose(got, wanted, rtol=rtol, atol=atol)
        return
    assert actual == expected


def assert_rule(
    rule: Callable[..., Any],
    function: Callable[..., Any],
    *args: Any,
    jit: bool = False,
    **kwargs: Any,
) -> None:
    """``rule`` on JAX arrays gives what ``function`` gives on the same tensors."""
    expected = function(*args, **kwargs)
    call = jax.jit(rule) if jit else rule
    assert_same(call(*to_jax(list(args)), **to_jax(kwargs)), expected)
