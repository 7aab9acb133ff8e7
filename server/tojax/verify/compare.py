"""Compares two sets of named leaves under the tolerance law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tojax.verify.laws import (
    STRICT,
    Law,
    allowed_error,
    epsilon_of,
    far_apart,
    finite_part,
    largest,
    stands_for,
)
from tojax.verify.tree import ARGUMENT, ATTRIBUTE, Leaf, NumpyArray


@dataclass(frozen=True)
class Expected:
    """PyTorch's results: what it gave, the reference, and samples of its rounding errors.

    ``before`` holds what state was before the call: its change is what is compared.
    """

    given: Mapping[str, Leaf]
    reference: Mapping[str, Leaf]
    samples: Sequence[Mapping[str, Leaf]]
    before: Mapping[str, NumpyArray] = field(default_factory=dict)


@dataclass
class Comparison:
    """What comparing two sets of leaves showed.

    ``problem`` is None if they agree; ``elements`` counts the numbers compared, ``finite`` those
    that are finite (of state, those that change enough to see it); ``worst`` is the largest error
    as a share of what is allowed; ``blank`` says which results hold nothing to compare. Of state
    that changes, ``moved`` counts what changes enough to see it, ``unseen`` the rest.
    """

    problem: str | None = None
    elements: int = 0
    finite: int = 0
    worst: float = 0.0
    compared: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    moved: int = 0
    unseen: int = 0

    def add(self, other: Comparison) -> None:
        """Count what another comparison showed."""
        self.elements += other.elements
        self.finite += other.finite
        self.worst = max(self.worst, other.worst)
        self.compared += other.compared
        self.blank += other.blank
        self.moved += other.moved
        self.unseen += other.unseen


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
    opaque = [path for path, leaf in expected.given.items() if leaf.kind == "opaque"]
    held = {path for path in {*actual, *expected.given} if _is_held_by(path, opaque)}
    extra = [path for path in actual if path not in expected.given and path not in held]
    missing = [path for path in expected.given if path not in actual and path not in held]
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
            (largest(finite_part(leaf.array)) for leaf in expected.reference.values()), default=0.0
        )
    common = [path for path in expected.given if path in actual]
    for path in common:
        problem = _compare_leaf(actual[path], path, expected, scale, law, result)
        if problem is not None:
            result.problem = f"{path or 'the result'}: {problem}"
            return result
    result.blank = [
        f"{path} is an object of which nothing could be compared"
        for path in opaque
        if expected.given[path].dtype != ARGUMENT
        and not any(_is_held_by(other, [path]) for other in common)
    ]
    return result


def _is_held_by(path: str, objects: Sequence[str]) -> bool:
    return any(path.startswith(one + ATTRIBUTE) for one in objects)


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
    is_pair = given.kind == actual.kind == "array"
    if ours.dtype.kind != theirs.dtype.kind or (
        is_pair and not stands_for(actual.dtype, given.dtype)
    ):
        return f"PyTorch's dtype is {given.dtype}, JAX's {actual.dtype}"
    result.elements += theirs.size
    result.compared.append(path)
    reference = expected.reference[path].array
    if reference is None or reference.shape != theirs.shape:
        reference = theirs
    before = expected.before.get(path)
    if theirs.dtype.kind not in "fc":
        is_evidence = before is None or not np.array_equal(before, theirs)
        result.finite += theirs.size * is_evidence
        wrong = (ours != theirs) & (ours != reference)
        return _first_difference(wrong, ours, theirs, "exactly equal") if wrong.any() else None
    samples = [sample[path].array for sample in expected.samples if path in sample]
    pair = _Floats(ours, theirs, reference, [s for s in samples if s is not None], before)
    return pair.compare(epsilon_of(given.dtype), scale, law, result)


@dataclass
class _Floats:
    """The two versions of one array of floats, with the reference and PyTorch's noise."""

    ours: NumpyArray
    theirs: NumpyArray
    reference: NumpyArray
    samples: Sequence[NumpyArray]
    before: NumpyArray | None

    def compare(self, epsilon: float, scale: float, law: Law, result: Comparison) -> str | None:
        """What differs, if anything; adds to what the comparison showed."""
        if not (same := self._same_special()).all():
            return self._first(~same, "NaN and infinity in the same places")
        finite = self._comparable()
        exact = self._change(self.reference)[finite]
        noise = [self._change(sample)[finite] for sample in self.samples]
        errors = np.abs(self._change(self.ours)[finite] - exact)
        stored = epsilon * largest(finite_part(self.before))
        visible = False
        for mask in far_apart(exact, noise) if law.apart else [np.ones(exact.shape, bool)]:
            part = exact[mask]
            allowed = stored + allowed_error(part, [n[mask] for n in noise], epsilon, scale, law)
            error = largest(errors[mask])
            if error > allowed:
                wrong = np.zeros(self.theirs.shape, bool)
                wrong[finite] = mask & (errors == error)
                return self._first(wrong, f"error {error:.3g} where {allowed:.3g} is allowed")
            result.worst = max(result.worst, error / allowed if allowed > 0 else 0.0)
            visible = visible or largest(part) > allowed
        if self.before is None:
            result.finite += int(finite.sum())
        elif exact.any():
            result.finite += int(finite.sum()) * visible
            result.moved += visible
            result.unseen += not visible
        return None

    def _change(self, array: NumpyArray) -> Any:
        wide = np.complex128 if self.theirs.dtype.kind == "c" else np.float64
        return array.astype(wide) - (0 if self.before is None else self.before.astype(wide))

    def _same_special(self) -> NumpyArray:
        ours, theirs = self.ours, self.theirs
        with np.errstate(invalid="ignore"):
            return np.where(
                np.isfinite(theirs),
                np.isfinite(ours),
                (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)),
            )

    def _comparable(self) -> NumpyArray:
        finite: NumpyArray = np.isfinite(self.theirs) & np.isfinite(self.reference)
        for sample in self.samples:
            finite = finite & np.isfinite(sample)
        return finite

    def _first(self, wrong: NumpyArray, rule: str) -> str:
        return _first_difference(wrong, self.ours, self.theirs, rule)


def not_finite(found: Mapping[str, Leaf], wanted: Mapping[str, Leaf]) -> str | None:
    """The first number that is finite on PyTorch's side alone, if any."""
    for path, leaf in wanted.items():
        ours, theirs = found[path].array if path in found else None, leaf.array
        if ours is None or theirs is None or ours.shape != theirs.shape:
            continue
        wrong = np.isfinite(theirs) & ~np.isfinite(ours)
        if wrong.any():
            return f"{path}: {_first_difference(wrong, ours, theirs, 'finite where PyTorch is')}"
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


def is_nan(leaf: Leaf) -> bool:
    """Whether an array holds NaN and nothing else."""
    array = leaf.array
    return array is not None and array.size > 0 and bool((array != array).all())


def is_constant(runs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether several results are all equal."""
    first, *others = [{p: leaf.array for p, leaf in run.items()} for run in runs]
    return bool(others) and all(
        other.keys() == first.keys()
        and all(np.array_equal(np.asarray(other[p]), np.asarray(first[p])) for p in first)
        for other in others
    )
