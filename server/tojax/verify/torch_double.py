"""Runs PyTorch code in float64 throughout, whatever its casts and its data say."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

WIDER = {
    torch.float16: torch.float64,
    torch.bfloat16: torch.float64,
    torch.float32: torch.float64,
    torch.complex64: torch.complex128,
}
NARROWER = {torch.float64: torch.float32, torch.complex128: torch.complex64}


class Double(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While active, operators see float64 in place of narrower floats; views and targets stay."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        schema = func._schema
        if any(r.alias_info is not None and not r.alias_info.is_write for r in schema.returns):
            return func(*args, **kwargs)  # a view of narrow data stays a view of it
        written = {a.name for a in schema.arguments if a.alias_info and a.alias_info.is_write}
        names = [argument.name for argument in schema.arguments]
        args = tuple(
            value if name in written else tree_map(_widen, value)
            for name, value in zip(names, args, strict=False)
        )
        kwargs = {
            name: value if name in written else tree_map(_widen, value)
            for name, value in kwargs.items()
        }
        return func(*args, **kwargs)


def _widen(value: Any) -> Any:
    if isinstance(value, torch.dtype):
        return WIDER.get(value, value)
    if isinstance(value, torch.Tensor) and value.dtype in WIDER:
        return value.to(WIDER[value.dtype])
    return value


@contextlib.contextmanager
def constants_of_float32() -> Iterator[None]:
    """Give code in float64 the machine constants that it has in float32.

    They are part of what it computes, not of its rounding: `torch.nn.RMSNorm` adds the dtype's
    (https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html).
    """
    finfo: Any = torch.finfo
    rms_norm: Any = torch.rms_norm

    def narrow_finfo(type: torch.dtype | None = None) -> Any:
        dtype = torch.get_default_dtype() if type is None else type
        return finfo(NARROWER.get(dtype, dtype))

    def narrow_rms_norm(
        input: torch.Tensor,
        normalized_shape: Sequence[int],
        weight: torch.Tensor | None = None,
        eps: float | None = None,
    ) -> Any:
        usual = finfo(torch.float32).eps
        return rms_norm(input, normalized_shape, weight, usual if eps is None else eps)

    replace: Any = setattr
    replace(torch, "finfo", narrow_finfo)
    replace(torch, "rms_norm", narrow_rms_norm)
    try:
        yield
    finally:
        replace(torch, "finfo", finfo)
        replace(torch, "rms_norm", rms_norm)


@contextlib.contextmanager
def in_float64() -> Iterator[None]:
    """Compute in float64, new tensors too, with the machine constants of float32."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with constants_of_float32(), Double():  # type: ignore[no-untyped-call]
            yield
    finally:
        torch.set_default_dtype(usual)
