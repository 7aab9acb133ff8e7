"""JAX arrays and NNX modules as the comparison sees them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from tojax.verify.tree import NumpyArray

ROUNDINGS = 2.0**-18  # so much may what is computed anew, but stays as it is, move


class JaxArrays:
    """The `tojax.verify.tree.Arrays` of JAX; an NNX variable counts as the array that it holds."""

    def is_array(self, value: Any) -> bool:
        return isinstance(value, (jax.Array, np.ndarray, np.generic, nnx.Variable))

    def to_numpy(self, value: Any) -> tuple[NumpyArray, str]:
        if isinstance(value, nnx.Variable):
            value = value[...]
        dtype = str(value.dtype)
        if dtype == "bfloat16":
            value = value.astype(jnp.float32)
        return np.array(value), dtype

    def is_module(self, value: Any) -> bool:
        return isinstance(value, nnx.Module)

    def dtype_name(self, value: Any) -> str | None:
        is_scalar_type = value is not nnx.Variable and hasattr(value, "dtype") and callable(value)
        if isinstance(value, np.dtype):
            return str(jax.dtypes.canonicalize_dtype(value))
        if isinstance(value, type) and issubclass(value, np.generic):
            return str(jax.dtypes.canonicalize_dtype(value))
        if is_scalar_type and type(value).__name__ == "_ScalarMeta":
            return str(jax.dtypes.canonicalize_dtype(value.dtype))
        return None


def make_array(array: NumpyArray, dtype: str) -> jax.Array:
    """A JAX array of a named dtype, at most as wide as the session allows."""
    return jnp.asarray(array).astype(jax.dtypes.canonicalize_dtype(jnp.dtype(dtype)))


def use_constants_of_float32() -> None:
    """Give code in float64 the machine constants that it has in float32, as PyTorch's side does."""
    finfo: Any = jnp.finfo
    narrower = {jnp.dtype("float64"): "float32", jnp.dtype("complex128"): "complex64"}

    def narrow_finfo(dtype: Any) -> Any:
        return finfo(narrower.get(jnp.dtype(dtype), dtype))

    replace: Any = setattr
    replace(jnp, "finfo", narrow_finfo)


def is_float(value: Any) -> bool:
    """Whether gradients can flow to this value."""
    return isinstance(value, jax.Array) and jnp.issubdtype(value.dtype, jnp.inexact)


def is_trainable(variable: Any) -> bool:
    """Whether an NNX variable is a parameter that is not frozen (by PyTorch's name for that)."""
    return (
        isinstance(variable, nnx.Param)
        and is_float(variable[...])
        and variable.get_metadata().get("requires_grad", True)
    )


def is_changed(value: NumpyArray, before: NumpyArray) -> bool:
    """Whether an array is no longer what it was, by more than some roundings."""
    if value.shape != before.shape or value.dtype.kind not in "fc":
        return not np.array_equal(value, before)
    size = np.abs(before[np.isfinite(before)]).max(initial=0)
    return not np.allclose(value, before, rtol=0, atol=ROUNDINGS * size, equal_nan=True)
