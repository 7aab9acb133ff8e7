"""Compiles calls of which the results need not all be arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
from flax import nnx


def compile_call(call: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """``call`` compiled; results that are no arrays are those of the time when it was traced."""
    traced: dict[str, Any] = {}

    def arrays_only(*args: Any) -> dict[str, Any]:
        raw = call(*args)
        traced.update({p: None if isinstance(v, jax.Array) else v for p, v in raw.items()})
        return {path: value for path, value in raw.items() if isinstance(value, jax.Array)}

    compiled = nnx.jit(arrays_only)
    finished: Any = jax.block_until_ready

    def run(*args: Any) -> dict[str, Any]:
        arrays = finished(compiled(*args))
        return {path: arrays.get(path, value) for path, value in traced.items()}

    return run
