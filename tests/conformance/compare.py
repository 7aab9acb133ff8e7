"""Compare what JAX gives with what PyTorch gives: structure, shapes, kinds of dtype, values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

_KINDS = {"u": "i", "V": "f"}


def to_jax(tensor: torch.Tensor) -> jax.Array:
    """The tensor as a JAX array; bfloat16 stays bfloat16."""
    return jnp.asarray(to_numpy(tensor), jnp.bfloat16 if tensor.dtype == torch.bfloat16 else None)


def to_numpy(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    """The tensor's values; narrow floats as float32."""
    tensor = tensor.detach().resolve_conj().resolve_neg()
    if tensor.dtype in (torch.bfloat16, torch.float16):
        tensor = tensor.float()
    if tensor.dtype == torch.complex32:
        tensor = tensor.to(torch.complex64)
    return np.array(tensor.numpy())


def kind(dtype: Any) -> str:
    """``b``, ``i``, ``f`` or ``c``."""
    letter = np.dtype(dtype).kind
    return _KINDS.get(letter, letter)


def like(expected: Any, actual: Any) -> Any:
    """JAX's results in PyTorch's structure, as tensors; plain values stay.

    Raises:
        AssertionError: the structures, shapes or kinds of dtype differ.
    """
    if isinstance(expected, torch.Tensor):
        assert not isinstance(actual, (list, tuple)), f"got a {type(actual).__name__}"
        assert hasattr(actual, "dtype") or isinstance(actual, (bool, int, float, complex)), (
            f"got a {type(actual).__name__}"
        )
        narrow = jnp.dtype(actual) if isinstance(actual, type) else jnp.asarray(actual).dtype
        array = np.array(jnp.asarray(actual, jnp.float32) if narrow == jnp.bfloat16 else actual)
        wanted = to_numpy(expected)
        assert kind(array.dtype) == kind(wanted.dtype), f"{array.dtype}, PyTorch {expected.dtype}"
        assert array.shape == wanted.shape, f"shape {array.shape}, PyTorch {wanted.shape}"
        return torch.as_tensor(array).to(expected.dtype)
    if isinstance(expected, (list, tuple)):
        assert isinstance(actual, (list, tuple)), f"got a {type(actual).__name__}"
        assert len(actual) == len(expected), f"{len(actual)} results, PyTorch {len(expected)}"
        items = [like(one, other) for one, other in zip(expected, actual, strict=True)]
        if isinstance(expected, torch.Size):
            return torch.Size(items)
        named = type(expected).__module__ == "torch.return_types"
        return type(expected)(items) if named or type(expected) is list else tuple(items)
    if isinstance(expected, (bool, int, float, complex)):
        assert np.shape(actual) == (), f"shape {np.shape(actual)} instead of a number"
        value = np.asarray(actual).item()
        assert type(value) is type(expected), f"a {type(value).__name__}"
        return value
    assert type(actual) is type(expected), f"got a {type(actual).__name__}"
    return actual


def assert_close(
    actual: Any, expected: Any, exact: Callable[[], Any] | None = None, rtol: float = 1e-5
) -> None:
    """Assert that values of the same structure agree up to rounding.

    Args:
        actual: JAX's results as tensors.
        expected: PyTorch's, of the inputs' dtype.
        exact: computes PyTorch's in double precision; asked only if plain rounding does not
            explain a difference. A result may be off by four times what PyTorch is off by.
        rtol: relative tolerance, per element and (a tenth) of the largest.
    """
    try:
        _assert_leaves(actual, expected, None, rtol)
    except AssertionError:
        reference = exact() if exact is not None else None
        if reference is None:
            raise
        _assert_leaves(actual, expected, reference, rtol)


def _assert_leaves(actual: Any, expected: Any, exact: Any, rtol: float) -> None:
    if isinstance(expected, (list, tuple)):
        for number, (one, other) in enumerate(zip(actual, expected, strict=True)):
            _assert_leaves(one, other, exact[number] if exact is not None else None, rtol)
    elif isinstance(expected, torch.Tensor):
        _assert_tensor(to_numpy(actual), to_numpy(expected), exact, rtol)
    elif isinstance(expected, (float, complex)):
        _assert_tensor(np.asarray(actual), np.asarray(expected), exact, rtol)
    else:
        assert actual == expected, f"{actual!r}, PyTorch {expected!r}"


def _assert_tensor(actual: Any, expected: Any, exact: Any, rtol: float) -> None:
    finite = np.abs(expected[np.isfinite(expected)])
    atol = rtol / 10 * float(finite.max(initial=0))
    if exact is not None:
        reference = np.asarray(exact)
        off = np.abs(expected - reference)
        atol += 4 * float(off[np.isfinite(off)].max(initial=0))
        expected = reference
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol + 1e-7)
