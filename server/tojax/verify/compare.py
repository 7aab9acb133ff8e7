"""When two results are the same: the tolerance law, and the comparison of named leaves.

The reference is PyTorch in float64. PyTorch's own float32 result is off by some error; JAX may be
off by a small multiple of that, plus a few roundings of the largest value. Where PyTorch does not
run in float64, its float32 result is the reference and the error is how far it moves when inputs
and parameters move by one rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tojax.verify.tree import Leaf, NumpyArray


@dataclass(frozen=True)
class Law:
    """What JAX's error may be, as the sum of three shares.

    ``multiple`` of PyTorch's own float32 error, ``roundings`` of the largest value in the
    output's dtype, and ``relative`` to the largest value.
    """

    multiple: float
    roundings: float
    relative: float = 0.0


STRICT = Law(multiple=8.0, roundings=4.0)
# Over several optimizer steps rounding errors add up.
TRAINED = Law(multiple=8.0, roundings=64.0)
# Where JAX in float64 agrees with PyTorch in float64, what is left is rounding: it may be
# amplified by a kink (a ReLU's gradient near zero), but results must stay recognisable.
AMPLE = Law(multiple=128.0, roundings=64.0)
AMPLE_DERIVATIVE = Law(multiple=128.0, roundings=64.0, relative=1e-2)
FLOAT64 = Law(multiple=0.0, roundings=0.0, relative=1e-9)
# Small inputs are to show what is added to them, rather than how terms that cancel are rounded.
SMALL_RELATIVE = 1e-2
# An optimizer keeps its learning rate in float32 whatever the module's precision is.
FLOAT64_TRAINED = Law(multiple=0.0, roundings=0.0, relative=1e-6)

EPSILON = {"float16": 2.0**-10, "bfloat16": 2.0**-7}
FLOAT32_EPSILON = 2.0**-23

_SHARES = (
    f"{STRICT.roundings:g} roundings of the largest value; integers, infinity and NaN exactly equal"
)
TOLERANCE = (
    "per output, largest error against PyTorch in float64 at most "
    f"{STRICT.multiple:g} times PyTorch's own float32 error plus {_SHARES}"
)
TOLERANCE_TRAINED = (
    "after several optimizer steps, largest error against PyTorch at most "
    f"{TRAINED.multiple:g} times PyTorch's own float32 error plus {TRAINED.roundings:g} roundings "
    "of the largest value; integers, infinity and NaN exactly equal"
)
TOLERANCE_WITHOUT_FLOAT64 = (
    "per output, largest difference from PyTorch in float32 (it does not run in float64) at most "
    f"{STRICT.multiple:g} times what one rounding of the inputs changes plus {_SHARES}"
)
TOLERANCE_SMALL = f"where inputs are made small, {SMALL_RELATIVE:.0%} of the largest value more"


@dataclass(frozen=True)
class Expected:
    """PyTorch's results: what it gave, the reference, and samples of its rounding errors."""

    given: Mapping[str, Leaf]
    reference: Mapping[str, Leaf]
    samples: Sequence[Mapping[str, Leaf]]


@dataclass
class Comparison:
    """What comparing two sets of leaves showed.

    ``problem`` is None if they agree; ``elements`` counts the numbers compared, ``finite`` those
    that are finite; ``worst`` is the largest error as a share of what is allowed.
    """

    problem: str | None = None
    elements: int = 0
    finite: int = 0
    worst: float = 0.0
    compared: list[str] = field(default_factory=list)


def allowed_error(
    reference: NumpyArray,
    samples: Sequence[NumpyArray],
    epsilon: float,
    scale: float = 0.0,
    law: Law = STRICT,
) -> float:
    """The largest error that JAX may make on one output.

    Args:
        reference: PyTorch's finite results in the best precision available.
        samples: the same results with PyTorch's float32 rounding errors.
        epsilon: spacing of the output's dtype at one.
        scale: largest value that takes part besides the output's own; one rounding of it is noise.
        law: how much of each is allowed.
    """
    error = max((_largest(sample - reference) for sample in samples), default=0.0)
    own = _largest(reference)
    rounding = epsilon * max(law.roundings * own, scale)
    return law.multiple * error + rounding + law.relative * max(own, scale)


def compare(
    actual: Mapping[str, Leaf],
    expected: Expected,
    *,
    shared_scale: bool = False,
    law: Law = STRICT,
) -> Comparison:
    """Compare JAX's leaves with PyTorch's, by path.

    Args:
        actual: JAX's results.
        expected: PyTorch's.
        shared_scale: the leaves are parts of one whole (a gradient), so that one rounding of the
            largest of them is noise in all.
        law: the tolerance.
    """
    result = Comparison()
    extra = [path for path in actual if path not in expected.given]
    missing = [path for path in expected.given if path not in actual]
    if extra or missing:
        result.problem = "the structure differs: " + "; ".join(
            f"{who} has {_names(paths)}"
            for who, paths in (("only PyTorch", missing), ("only JAX", extra))
            if paths
        )
        return result
    scale = 0.0
    if shared_scale:
        scale = max(
            (_largest(_finite(leaf.array)) for leaf in expected.reference.values()), default=0.0
        )
    for path in expected.given:
        problem = _compare_leaf(actual[path], path, expected, scale, law, result)
        if problem is not None:
            result.problem = f"{path or 'the result'}: {problem}"
            return result
    return result


def _names(paths: Sequence[str]) -> str:
    shown = ", ".join(path or "a single value" for path in paths[:4])
    return shown + (f" and {len(paths) - 4} more" if len(paths) > 4 else "")


def _compare_leaf(
    actual: Leaf, path: str, expected: Expected, scale: float, law: Law, result: Comparison
) -> str | None:
    given = expected.given[path]
    numbers = ("array", "number")
    if given.kind not in numbers or actual.kind not in numbers:
        if (actual.kind, actual.plain) != (given.kind, given.plain):
            return f"PyTorch gives {_what(given)}, JAX {_what(actual)}"
        return None
    if given.array is None or actual.array is None:
        return "the array was lost on its way"
    ours, theirs = actual.array, given.array
    if ours.shape != theirs.shape:
        return f"PyTorch's shape is {theirs.shape}, JAX's {ours.shape}"
    if ours.dtype.kind != theirs.dtype.kind:
        return f"PyTorch's dtype is {given.dtype}, JAX's {actual.dtype}"
    result.elements += theirs.size
    result.compared.append(path)
    reference = expected.reference[path].array
    if reference is None or reference.shape != theirs.shape:
        reference = theirs
    if theirs.dtype.kind not in "fc":
        result.finite += theirs.size
        wrong = (ours != theirs) & (ours != reference)
        return _first_difference(wrong, ours, theirs, "exactly equal") if wrong.any() else None
    samples = [sample[path].array for sample in expected.samples if path in sample]
    noise = [s for s in samples if s is not None]
    finite = _comparable(theirs, reference, noise)
    wide = np.complex128 if theirs.dtype.kind == "c" else np.float64
    exact = reference.astype(wide)[finite]
    noise = [sample.astype(wide)[finite] for sample in noise]
    allowed = allowed_error(exact, noise, _epsilon(given), scale, law)
    return _compare_floats(ours, theirs, exact, finite, allowed, result)


def _comparable(
    theirs: NumpyArray, reference: NumpyArray, samples: Sequence[NumpyArray]
) -> NumpyArray:
    finite: NumpyArray = np.isfinite(theirs) & np.isfinite(reference)
    for sample in samples:
        finite = finite & np.isfinite(sample)
    return finite


def _compare_floats(
    ours: NumpyArray,
    theirs: NumpyArray,
    exact: NumpyArray,
    finite: NumpyArray,
    allowed: float,
    result: Comparison,
) -> str | None:
    with np.errstate(invalid="ignore"):
        same_special = np.where(
            np.isfinite(theirs),
            np.isfinite(ours),
            (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)),
        )
    if not same_special.all():
        return _first_difference(~same_special, ours, theirs, "NaN and infinity in the same places")
    result.finite += int(finite.sum())
    error = np.zeros(theirs.shape)
    error[finite] = np.abs(ours.astype(exact.dtype)[finite] - exact)
    largest = _largest(error)
    if largest > allowed:
        text = f"error {largest:.3g} where {allowed:.3g} is allowed"
        return _first_difference(error == largest, ours, theirs, text)
    if allowed > 0:
        result.worst = max(result.worst, largest / allowed)
    return None


def _first_difference(wrong: NumpyArray, ours: NumpyArray, theirs: NumpyArray, rule: str) -> str:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    place = f" at {list(index)}" if index else ""
    return f"PyTorch gives {theirs[index]}, JAX {ours[index]}{place} ({rule})"


def _what(leaf: Leaf) -> str:
    if leaf.kind == "plain":
        return str(leaf.plain)
    if leaf.kind == "opaque":
        return f"an object ({leaf.dtype})"
    return f"a number or an array ({leaf.dtype})"


def _epsilon(given: Leaf) -> float:
    return EPSILON.get(given.dtype, FLOAT32_EPSILON)


def _finite(array: NumpyArray | None) -> NumpyArray:
    if array is None or array.dtype.kind not in "fc":
        return np.zeros(0)
    return array[np.isfinite(array)]


def _largest(array: NumpyArray) -> float:
    return float(np.abs(array).max()) if array.size else 0.0


def is_constant(runs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether several results are all equal."""
    first, *others = [{p: leaf.array for p, leaf in run.items()} for run in runs]
    return bool(others) and all(
        other.keys() == first.keys()
        and all(np.array_equal(np.asarray(other[p]), np.asarray(first[p])) for p in first)
        for other in others
    )
