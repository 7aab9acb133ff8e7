"""Named arrays and JSON data in one folder: what travels between the processes; never pickle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tojax.verify.tree import Leaf, NumpyArray


def save(
    folder: Path, name: str, data: Any, arrays: Mapping[str, NumpyArray] | None = None
) -> None:
    """Write ``<name>.json`` and ``<name>.npz``; the JSON file appears last, in one step."""
    if arrays:
        named = {f"a{index}": array for index, array in enumerate(arrays.values())}
        with (folder / f"{name}.npz").open("wb") as file:
            np.savez(file, allow_pickle=False, **named)
    text = json.dumps({"data": data, "names": list(arrays or ())})
    draft = folder / f"{name}.json.part"
    draft.write_text(text, encoding="utf-8")
    draft.rename(folder / f"{name}.json")


def load(folder: Path, name: str) -> tuple[Any, dict[str, NumpyArray]] | None:
    """What `save` wrote, or None if it was never finished."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    if not content["names"]:
        return content["data"], {}
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        arrays = {key: file[f"a{index}"] for index, key in enumerate(content["names"])}
    return content["data"], arrays


def split_leaves(leaves: Mapping[str, Leaf]) -> tuple[dict[str, Any], dict[str, NumpyArray]]:
    """Leaves as JSON data and arrays."""
    data = {path: [leaf.kind, leaf.dtype, leaf.plain] for path, leaf in leaves.items()}
    return data, {path: leaf.array for path, leaf in leaves.items() if leaf.array is not None}


def join_leaves(
    data: Mapping[str, Any], arrays: Mapping[str, NumpyArray], prefix: str = ""
) -> dict[str, Leaf]:
    """The inverse of `split_leaves`; ``prefix`` was put before the names of the arrays."""
    return {
        path: Leaf(kind, dtype, arrays.get(prefix + path), plain)
        for path, (kind, dtype, plain) in data.items()
    }
