"""torch.save and torch.load: nested containers of arrays in one NumPy archive, without pickle."""

import collections
import json
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax import Array

from tojax.rules.api import torch_api


@torch_api("torch.save")
def save(obj, f, pickle_module=None, pickle_protocol=2) -> None:
    """Writes dicts, lists and tuples of arrays, numbers, strings, booleans and None.

    Args:
        obj: the nested value.
        f: path or binary file; the name is kept as it is.

    Raises:
        TypeError: the value holds something else, such as a module.
    """
    arrays: dict[str, np.ndarray] = {}
    structure = json.dumps(_describe(obj, arrays))
    if hasattr(f, "write"):
        np.savez(f, structure=np.array(structure), **arrays)
        return
    with Path(f).open("wb") as file:
        np.savez(file, structure=np.array(structure), **arrays)


@torch_api("torch.load")
def load(
    f,
    map_location=None,
    pickle_module=None,
    *,
    weights_only=None,
    mmap=None,
) -> dict:
    """Reads what `save` has written, from a path or a binary file."""
    with np.load(f, allow_pickle=False) as archive:
        return _restore(json.loads(str(archive["structure"])), archive)


def _describe(value, arrays: dict[str, np.ndarray]):
    """The value as JSON; arrays are put aside under a number, with their kind and dtype."""
    if isinstance(value, nnx.Variable):
        value = value[...]
    if value is None or isinstance(value, (bool, str)) or type(value) in (int, float):
        return value
    if isinstance(value, (Array, np.ndarray, np.generic)):
        array = np.asarray(value)
        kind = "array" if isinstance(value, Array) else type(value).__name__
        name = str(len(arrays))
        # NumPy does not know bfloat16 and the like: they are stored as bytes.
        plain = array if array.dtype.kind in "biufc" else array.view(f"u{array.dtype.itemsize}")
        arrays[name] = plain
        return {"kind": kind, "dtype": array.dtype.name, "name": name}
    if isinstance(value, dict):
        kind = "ordered" if isinstance(value, collections.OrderedDict) else "dict"
        items = [[_describe(k, arrays), _describe(v, arrays)] for k, v in value.items()]
        return {"kind": kind, "items": items}
    if type(value) in (list, tuple):
        kind = type(value).__name__
        return {"kind": kind, "items": [_describe(item, arrays) for item in value]}
    raise TypeError(f"cannot save a {type(value).__name__}: save its state_dict()")


def _restore(description, archive):
    """The value that `_describe` has described."""
    if not isinstance(description, dict):
        return description
    kind = description["kind"]
    if kind in ("dict", "ordered"):
        pairs = [
            (_restore(key, archive), _restore(value, archive))
            for key, value in description["items"]
        ]
        return collections.OrderedDict(pairs) if kind == "ordered" else dict(pairs)
    if kind in ("list", "tuple"):
        items = [_restore(item, archive) for item in description["items"]]
        return tuple(items) if kind == "tuple" else items
    array = archive[description["name"]].view(jnp.dtype(description["dtype"]))
    if kind == "array":
        return jnp.asarray(array)
    return array if kind == "ndarray" else array[()]
