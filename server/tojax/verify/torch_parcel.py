"""Arrays on their way from the PyTorch side into a file."""

from __future__ import annotations

from typing import Any

from tojax.verify.exchange import split_leaves
from tojax.verify.torch_problem import ARRAYS
from tojax.verify.tree import Leaf, NumpyArray, encode


class Parcel:
    """Named arrays that accumulate on their way into one file."""

    def __init__(self) -> None:
        self.arrays: dict[str, NumpyArray] = {}

    def encode(self, value: Any, prefix: str) -> Any:
        """``value`` as JSON data, its arrays under ``<prefix>0`` and so on."""
        store: list[NumpyArray] = []
        data = encode(value, ARRAYS, store)
        self.add({str(index): array for index, array in enumerate(store)}, prefix)
        return {"data": data, "prefix": prefix, "count": len(store)}

    def leaves(self, leaves: dict[str, Leaf], prefix: str) -> dict[str, Any]:
        """Leaves as JSON data; their arrays under ``<prefix><path>``."""
        data, arrays = split_leaves(leaves)
        self.add(arrays, prefix)
        return data

    def add(self, arrays: dict[str, NumpyArray], prefix: str) -> None:
        """Take arrays in, with a prefix before their names."""
        self.arrays.update({prefix + name: array for name, array in arrays.items()})
