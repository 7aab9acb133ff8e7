"""``float32[2, 16, 64]`` and ``int64[2, 16] < 100``: shapes in a directive, drawn as arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

DTYPES = {
    "float16": "float16",
    "bfloat16": "float32",
    "float32": "float32",
    "float64": "float64",
    "int8": "int8",
    "int16": "int16",
    "int32": "int32",
    "int64": "int64",
    "uint8": "uint8",
    "bool": "bool",
    "complex64": "complex64",
}
DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Spec:
    """Dtype, shape and, for integers, the exclusive upper limit of an array to draw."""

    dtype: str
    shape: tuple[int, ...] = ()
    limit: int = DEFAULT_LIMIT

    def __getitem__(self, shape: int | tuple[int, ...]) -> Spec:
        return replace(self, shape=shape if isinstance(shape, tuple) else (shape,))

    def __lt__(self, limit: int) -> Spec:
        return replace(self, limit=limit)

    def draw(self, generator: np.random.Generator) -> np.ndarray[Any, Any]:
        """An array: normal numbers, integers from 0 to below ``limit``, or coin tosses."""
        dtype = np.dtype(DTYPES[self.dtype])
        if dtype.kind == "b":
            return generator.random(self.shape) < 0.5
        if dtype.kind in "iu":
            return generator.integers(0, self.limit, self.shape).astype(dtype)
        if dtype.kind == "c":
            real, imaginary = generator.standard_normal((2, *self.shape))
            return np.asarray(real + 1j * imaginary).astype(dtype)
        return np.asarray(generator.standard_normal(self.shape)).astype(dtype)


SPECS = {name: Spec(name) for name in DTYPES}
