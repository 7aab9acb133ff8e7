"""What the JAX side has to give, by what PyTorch recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tojax.verify.compare import Expected
from tojax.verify.exchange import join_leaves
from tojax.verify.tree import Leaf, NumpyArray, buffer_name, state_name


def expected(
    recorded: Mapping[str, Any],
    arrays: Mapping[str, NumpyArray],
    prefix: str,
    part: str,
    before: Mapping[str, NumpyArray],
) -> Expected:
    """PyTorch's results of which the name starts with ``part`` (state belongs to outputs)."""
    parts = (part, "state") if part == "output" else (part,)
    given, precise = (
        {
            path: leaf
            for path, leaf in join_leaves(recorded[kind], dict(arrays), f"{prefix}{kind}.").items()
            if path.startswith(parts)
        }
        for kind in ("given", "precise")
    )
    if recorded["has_float64"]:
        return Expected(given, precise, [given], before)
    return Expected(given, given, [precise], before)


def around(centre: Mapping[str, Leaf], wanted: Expected) -> Expected:
    """Expect ``centre``, give or take the rounding errors that PyTorch made elsewhere."""

    def shifted(path: str, leaf: Leaf, sample: Mapping[str, Leaf]) -> Leaf:
        nothing = Leaf("opaque")
        found = (leaf, wanted.reference.get(path, nothing), sample.get(path, nothing))
        arrays = [item.array for item in found if item.array is not None]
        if len(arrays) < len(found) or any(array.dtype.kind not in "fc" for array in arrays):
            return leaf
        mine, base, moved = arrays
        if not mine.shape == base.shape == moved.shape:
            return leaf
        return Leaf(leaf.kind, leaf.dtype, mine + np.nan_to_num(moved - base))

    samples = [
        {path: shifted(path, leaf, sample) for path, leaf in centre.items()}
        for sample in wanted.samples
    ]
    return Expected(centre, centre, samples, wanted.before)


def states_before(
    to_jax: Mapping[str, Any], arrays: Mapping[str, NumpyArray]
) -> dict[str, NumpyArray]:
    """The modules' state before the call, under the names of state and of buffers afterwards."""
    found: dict[str, NumpyArray] = {}
    for state in to_jax["states"]:
        for name in state["names"]:
            array = arrays[f"state{state['number']}.{name}"]
            found[state_name(state["path"], name)] = array
            if not state["path"]:
                found[buffer_name(name)] = array
    return found
