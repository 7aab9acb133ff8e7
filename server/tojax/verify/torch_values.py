"""Torch tensors and modules as the comparison sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from tojax.verify.tree import NumpyArray, map_leaves


class TorchArrays:
    """The `tojax.verify.tree.Arrays` of PyTorch."""

    def is_array(self, value: Any) -> bool:
        return isinstance(value, (torch.Tensor, np.ndarray, np.generic))

    def to_numpy(self, value: Any) -> tuple[NumpyArray, str]:
        if not isinstance(value, torch.Tensor):
            array = np.array(value)
            return array, str(array.dtype)
        dtype = str(value.dtype).removeprefix("torch.")
        value = value.detach()
        if value.layout is not torch.strided:
            value = value.to_dense()
        if value.is_quantized:
            value = value.dequantize()
        value = value.cpu().resolve_conj().resolve_neg()
        if value.dtype == torch.bfloat16:
            value = value.float()
        return np.array(value.numpy()), dtype

    def is_module(self, value: Any) -> bool:
        return isinstance(value, torch.nn.Module)

    def dtype_name(self, value: Any) -> str | None:
        if not isinstance(value, torch.dtype):
            return None
        return canonical_dtype(str(value).removeprefix("torch."))


def canonical_dtype(name: str) -> str:
    """The dtype that JAX has in place of a PyTorch one."""
    return {"float64": "float32", "int64": "int32", "complex128": "complex64"}.get(name, name)


def make_tensor(array: NumpyArray, dtype: str) -> torch.Tensor:
    """A tensor of a named dtype."""
    return torch.from_numpy(np.array(array)).to(getattr(torch, dtype))


def make_dtype(name: str) -> torch.dtype:
    """A dtype by name."""
    dtype = getattr(torch, name)
    if not isinstance(dtype, torch.dtype):
        raise TypeError(f"{name} is no dtype")
    return dtype


def is_float(value: Any) -> bool:
    """Whether gradients can flow to this value."""
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


def is_plain(leaf: Any) -> bool:
    """Whether this is a tensor of rows, and no parameter."""
    return type(leaf) is torch.Tensor and leaf.layout is torch.strided


def change_tensors(
    value: Any,
    change: Callable[[torch.Tensor], torch.Tensor],
    concerns: Callable[[torch.Tensor], bool] = lambda leaf: True,
) -> Any:
    """The same nested value with those plain tensors changed that a change concerns."""

    def look(path: str, leaf: Any) -> Any:
        return change(leaf) if is_plain(leaf) and concerns(leaf) else leaf

    return map_leaves(value, look)


def is_finite(values: Mapping[str, Any]) -> bool:
    """Whether all floats among some values are finite numbers."""
    return all(bool(torch.isfinite(v).all()) for v in values.values() if is_float(v))


def state_arrays(state: dict[str, torch.Tensor]) -> dict[str, NumpyArray]:
    """A state dict as NumPy arrays."""
    return {name: TorchArrays().to_numpy(value)[0] for name, value in state.items()}
