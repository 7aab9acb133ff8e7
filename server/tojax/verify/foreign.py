"""Arrays that a caller hands over, of whatever framework, without importing that framework."""

from __future__ import annotations

from typing import Any

from tojax.verify.tree import NumpyArray
from tojax.weights import to_numpy


class ForeignArrays:
    """The `tojax.verify.tree.Arrays` of the server's own process."""

    def is_array(self, value: Any) -> bool:
        return hasattr(value, "__array__") and hasattr(value, "dtype") and hasattr(value, "shape")

    def to_numpy(self, value: Any) -> tuple[NumpyArray, str]:
        array = to_numpy(value)
        return array, str(value.dtype).removeprefix("torch.")

    def is_module(self, value: Any) -> bool:
        return False

    def dtype_name(self, value: Any) -> str | None:
        name = str(value)
        is_torch_dtype = type(value).__module__ == "torch" and type(value).__name__ == "dtype"
        return name.removeprefix("torch.") if is_torch_dtype else None
