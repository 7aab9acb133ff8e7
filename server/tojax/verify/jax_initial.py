"""Compares the state in which a module starts, as far as no chance decides it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tojax.verify.tree import NumpyArray

# Of the largest number of an entry: what rounding does to the sine of a large angle is smaller,
# and one that is computed otherwise differs by more.
TOLERANCE = 1e-2


def check_initial(found: Mapping[str, NumpyArray], wanted: Mapping[str, NumpyArray]) -> None:
    """Compare the entries with which PyTorch starts whatever the seed.

    Args:
        found: the state of the JAX version, under PyTorch's names and in its layouts.
        wanted: PyTorch's.

    Raises:
        ValueError: one starts with other numbers.
    """
    for name, value in wanted.items():
        own = found.get(name)
        if own is None or own.shape != value.shape:
            continue
        wrong = ~_agree(own, value)
        if wrong.any():
            place = tuple(int(axis[0]) for axis in np.nonzero(wrong))
            where = f" at {list(place)}" if place else ""
            theirs, ours = value[place].item(), own[place].item()
            raise ValueError(
                f"{name} starts with other numbers: {theirs:.4g} in PyTorch{where}, "
                f"{ours:.4g} in JAX"
            )


def _agree(own: NumpyArray, value: NumpyArray) -> NumpyArray:
    if value.dtype.kind not in "fc":
        return np.asarray(own == value)
    kind = np.complex128 if value.dtype.kind == "c" else np.float64
    own, value = own.astype(kind), value.astype(kind)
    sizes = np.abs(value[np.isfinite(value)])
    room = TOLERANCE * sizes.max() if sizes.any() else 1e-6
    return np.asarray(np.isclose(own, value, rtol=0, atol=room, equal_nan=True))
