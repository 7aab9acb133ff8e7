"""What is saved comes back exactly, in a file without pickles."""

from __future__ import annotations

import collections
import io
import math
import zipfile

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.api.serialization import load, save


def assert_same(actual, expected) -> None:
    assert type(actual) is type(expected) or isinstance(expected, jax.Array)
    if isinstance(expected, dict):
        assert list(actual) == list(expected)
        for key in expected:
            assert_same(actual[key], expected[key])
    elif isinstance(expected, (list, tuple)):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, (jax.Array, np.ndarray, np.generic)):
        assert isinstance(actual, jax.Array) == isinstance(expected, jax.Array)
        assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
        assert np.asarray(actual).tobytes() == np.asarray(expected).tobytes()
    elif isinstance(expected, float) and math.isnan(expected):
        assert math.isnan(actual)
    else:
        assert actual == expected


CHECKPOINT = {
    "model": collections.OrderedDict(weight=jnp.arange(6.0).reshape(2, 3), bias=jnp.zeros(())),
    "optimizer": {"state": {0: {"step": jnp.asarray(3), 1: (jnp.ones(2), None)}}},
    "half": jnp.asarray([1.5, -2.0, jnp.inf], jnp.bfloat16),
    "float16": jnp.asarray([1.5], jnp.float16),
    "mask": jnp.asarray([True, False]),
    "empty": jnp.zeros((0, 3)),
    "complex": jnp.asarray([1 + 2j]),
    "numpy": np.arange(4, dtype=np.int64),
    "scalar": np.float64(0.1),
    "epoch": 7,
    "best": float("inf"),
    "nan": float("nan"),
    "exact": 0.1 + 0.2,
    "name": "naïve \u2028 ☃",
    "flags": [True, False, None],
    "kind": {"kind": "dict", "items": []},
    ("tuple", 1): {"nested": ((), [], {})},
}


def test_round_trip(tmp_path) -> None:
    path = tmp_path / "checkpoint.pt"
    save(CHECKPOINT, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["checkpoint.pt"]
    assert_same(load(path), CHECKPOINT)
    assert_same(load(str(path), map_location="cpu", weights_only=True), CHECKPOINT)


def test_binary_files() -> None:
    buffer = io.BytesIO()
    save(CHECKPOINT, buffer)
    buffer.seek(0)
    assert_same(load(buffer), CHECKPOINT)


def test_overwrites(tmp_path) -> None:
    path = tmp_path / "model"
    save({"a": jnp.ones(1000)}, path)
    save([1], path)
    assert load(path) == [1]


def test_a_bare_array_and_a_parameter(tmp_path) -> None:
    save(jnp.arange(3), tmp_path / "a")
    assert_same(load(tmp_path / "a"), jnp.arange(3))
    save({"p": nnx.Param(jnp.arange(3.0))}, tmp_path / "b")
    assert_same(load(tmp_path / "b"), {"p": jnp.arange(3.0)})


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), inner)
    ),
    max_leaves=8,
)


@given(values)
@settings(max_examples=60, deadline=None)
def test_any_plain_value(value) -> None:
    buffer = io.BytesIO()
    save(value, buffer)
    buffer.seek(0)
    assert_same(load(buffer), value)


def test_only_data_is_saved(tmp_path) -> None:
    model = nnx.Linear(2, 2, rngs=nnx.Rngs(0))
    for value in (model, {"f": print}, {"s": {1, 2}}, b"bytes"):
        with pytest.raises(TypeError, match="cannot save"):
            save(value, tmp_path / "bad")
    assert not (tmp_path / "bad").exists()


def test_a_pickle_is_not_loaded(tmp_path) -> None:
    path = tmp_path / "evil"
    np.savez(path.open("wb"), structure=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        load(path)
    assert zipfile.is_zipfile(path)
