"""The tolerance law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tojax.verify.compare import Expected, compare
from tojax.verify.laws import FLOAT32_EPSILON, STRICT, Law, allowed_error, far_apart
from tojax.verify.tree import Leaf

numbers = hnp.arrays(
    np.float32,
    hnp.array_shapes(max_dims=3, max_side=4),
    elements=st.floats(-1e6, 1e6, width=32),
)
shares = st.floats(0, 1)
TOGETHER = replace(STRICT, apart=False)


def expected(reference: np.ndarray, sample: np.ndarray | None = None) -> Expected:
    leaf = Leaf("array", "float32", (reference if sample is None else sample).astype(np.float32))
    return Expected({"x": leaf}, {"x": Leaf("array", "float64", reference)}, [{"x": leaf}])


def problem(actual: np.ndarray, wanted: Expected, law: Law = TOGETHER) -> str | None:
    return compare({"x": Leaf("array", str(actual.dtype), actual)}, wanted, law=law).problem


@given(numbers, shares, st.floats(0, 1e-3))
def test_an_error_within_the_law_is_accepted(x: np.ndarray, share: float, noise: float) -> None:
    reference = x.astype(np.float64)
    wanted = expected(reference, reference + noise)
    sample = wanted.samples[0]["x"].array
    assert sample is not None
    allowed = allowed_error(reference, [sample.astype(np.float64)], FLOAT32_EPSILON)
    actual = reference + share * 0.999 * allowed  # float64, so that adding rounds nothing away
    assert problem(actual, wanted) is None


@given(numbers, st.floats(1.01, 1e6), st.data())
def test_an_error_beyond_the_law_is_rejected(
    x: np.ndarray, factor: float, data: st.DataObject
) -> None:
    reference = x.astype(np.float64) + 1
    wanted = expected(reference)
    sample = wanted.samples[0]["x"].array
    assert sample is not None
    allowed = allowed_error(reference, [sample.astype(np.float64)], FLOAT32_EPSILON)
    actual = reference.copy()
    actual.flat[data.draw(st.integers(0, x.size - 1))] += factor * allowed + 1e-9
    assert "is allowed" in (problem(actual, wanted) or "")


@given(numbers, st.sampled_from([np.nan, np.inf, -np.inf]), st.booleans(), st.data())
def test_special_values_belong_in_the_same_places(
    x: np.ndarray, special: float, is_ours: bool, data: st.DataObject
) -> None:
    other = x.copy()
    other.flat[data.draw(st.integers(0, x.size - 1))] = special
    ours, theirs = (other, x) if is_ours else (x, other)
    assert "NaN" in (problem(ours, expected(theirs.astype(np.float64), theirs)) or "")
    assert problem(other, expected(other.astype(np.float64), other)) is None


@given(hnp.arrays(np.int32, 5), st.integers(0, 4))
def test_integers_are_exact(x: np.ndarray, index: int) -> None:
    wanted = Expected(*[{"x": Leaf("array", "int64", x.astype(np.int64))}] * 2, [])
    other = x.copy()
    other[index] ^= 1
    assert problem(x, wanted) is None
    assert "exactly equal" in (problem(other, wanted) or "")


def test_either_precision_decides_an_integer() -> None:
    given_leaf, reference = (Leaf("array", "int64", np.array([n])) for n in (3, 4))
    wanted = Expected({"x": given_leaf}, {"x": reference}, [])
    assert problem(np.array([3]), wanted) is None and problem(np.array([4]), wanted) is None
    assert problem(np.array([5]), wanted)


@pytest.mark.parametrize(
    ("ours", "words"),
    [
        ({}, "only PyTorch has x"),
        ({"x": Leaf("array", "float32", np.zeros(2)), "y": Leaf("plain", plain="1")}, "only JAX"),
        ({"x": Leaf("array", "float32", np.zeros((2, 1)))}, "shape"),
        ({"x": Leaf("array", "int32", np.zeros(2, int))}, "dtype"),
        ({"x": Leaf("plain", plain="None")}, "JAX None"),
    ],
)
def test_structure_is_part_of_the_result(ours: dict[str, Leaf], words: str) -> None:
    assert words in (compare(ours, expected(np.zeros(2))).problem or "")


def test_small_noise_in_a_large_gradient_is_shared() -> None:
    def leaves(noise: float) -> dict[str, Leaf]:
        values = {"large": np.array([1e3]), "none": np.array([noise])}
        return {name: Leaf("array", "float32", value) for name, value in values.items()}

    wanted = Expected(leaves(0.0), leaves(0.0), [leaves(0.0)])
    assert compare(leaves(1e-5), wanted, shared_scale=True).problem is None
    assert compare(leaves(1e-5), wanted).problem
    assert compare(leaves(1e-3), wanted, shared_scale=True).problem


def test_a_small_gradient_with_clear_digits_is_no_noise() -> None:
    def leaves(small: float) -> dict[str, Leaf]:
        values = {"large": np.array([1e7]), "small": np.array([small])}
        return {name: Leaf("array", "float32", value) for name, value in values.items()}

    wanted = Expected(leaves(0.5), leaves(0.5), [leaves(0.5)])
    assert compare(leaves(0.0), wanted, shared_scale=True).problem
    assert compare(leaves(0.5 + 1e-7), wanted, shared_scale=True).problem is None


MASKED = np.array([1.0, -1e9, 3.0, -1e9, 0.0])


def test_a_mask_hides_no_logits() -> None:
    other = MASKED + np.array([0.1, 0, 0, 0, 0])
    assert problem(other, expected(MASKED)) is None
    assert "is allowed" in (problem(other, expected(MASKED), STRICT) or "")
    assert problem(MASKED * (1 + 2e-7), expected(MASKED), STRICT) is None


def test_what_pytorch_blurs_is_measured_by_the_largest_value() -> None:
    noise = np.array([16.0, 0, 0, 0, 0])
    assert problem(MASKED + 2 * noise, expected(MASKED, MASKED + noise), STRICT) is None


@given(numbers)
def test_parts_are_whole(x: np.ndarray) -> None:
    parts = list(far_apart(x.astype(np.float64), [x.astype(np.float64)]))
    assert (sum(part.astype(int) for part in parts) == 1).all()


def test_the_change_of_state_is_compared() -> None:
    before = np.full(3, 1.0, np.float32)
    step = np.array([1e-5, -1e-5, 0])
    wanted = replace(expected(before + step), before={"x": before})
    unmoved = compare({"x": Leaf("array", "float32", before)}, wanted)
    assert "is allowed" in (unmoved.problem or "")
    right = compare({"x": Leaf("array", "float32", (before + step).astype(np.float32))}, wanted)
    assert right.problem is None and (right.moved, right.unseen, right.finite) == (1, 0, 3)


def test_state_that_stays_is_no_evidence() -> None:
    state = np.ones(3, np.float32)
    wanted = replace(expected(state.astype(np.float64)), before={"x": state})
    same = compare({"x": Leaf("array", "float32", state)}, wanted)
    assert same.problem is None and not same.finite
    nudged = replace(expected(state + np.float64(1e-9)), before={"x": state})
    assert compare({"x": Leaf("array", "float32", state)}, nudged).unseen == 1
