"""The initialisers that draw with NumPy have the distributions of JAX's own."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from tojax.verify import jax_startup

KEY = jax.random.key(0)
SHAPE = (60, 50, 4)
CASES: dict[str, tuple[object, ...]] = {
    "normal": (0.5,),
    "uniform": (0.5,),
    "truncated_normal": (0.5, None, -1.0, 3.0),
    "variance_scaling": (1.5, "fan_out", "normal"),
    "variance_scaling in place": (1.5, "fan_geo_avg", "uniform", 0, 1),
    "variance_scaling of several": (1.0, "fan_avg", "truncated_normal", (0, 2), 1),
}
NAMES = [
    f"{family}_{name}"
    for family in ("glorot", "xavier", "he", "kaiming", "lecun")
    for name in ("normal", "uniform")
]


def both(name: str, *arguments: object) -> list[np.ndarray]:
    """JAX's values and ours."""
    theirs = getattr(jax.nn.initializers, name)(*arguments)(KEY, SHAPE)
    ours: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        for known in [*NAMES, "normal", "uniform", "truncated_normal", "orthogonal"]:
            patch.setattr(jax.nn.initializers, known, None)
        patch.setattr(jax.nn.initializers, "variance_scaling", None)
        jax_startup.use_cheap_initialisers()
        ours[name] = getattr(jax.nn.initializers, name)(*arguments)(KEY, SHAPE)
    return [np.asarray(theirs), np.asarray(ours[name])]


@pytest.mark.parametrize("name", [*CASES, *NAMES])
def test_the_distribution_is_that_of_jax(name: str) -> None:
    theirs, ours = both(name.partition(" ")[0], *CASES.get(name, ()))
    assert theirs.shape == ours.shape and theirs.dtype == ours.dtype
    spread = theirs.std()
    assert abs(ours.std() / spread - 1) < 0.03
    for share in (0.0, 0.05, 0.5, 0.95, 1.0):
        tolerance = 0.6 if share in (0.0, 1.0) else 0.06
        assert abs(np.quantile(ours, share) - np.quantile(theirs, share)) < tolerance * spread


@pytest.mark.parametrize(("shape", "axis"), [((6, 4), -1), ((4, 6), -1), ((3, 2, 5), 0)])
def test_orthogonal(shape: tuple[int, ...], axis: int) -> None:
    made = np.asarray(jax_startup.orthogonal(2.0, axis)(KEY, shape))
    assert made.shape == shape
    matrix = np.moveaxis(made, axis, -1).reshape(-1, shape[axis]) / 2
    small = matrix.T @ matrix if matrix.shape[0] >= matrix.shape[1] else matrix @ matrix.T
    np.testing.assert_allclose(small, np.eye(len(small)), atol=1e-5)


def test_empty_shapes_and_other_dtypes() -> None:
    assert jax_startup.variance_scaling(1.0, "fan_in", "normal")(KEY, (0, 3)).shape == (0, 3)
    made = jax_startup.normal()(KEY, (2,), "bfloat16")
    assert made.dtype == "bfloat16"


def test_weights_follow_the_key() -> None:
    initialise = jax_startup.variance_scaling(1.0, "fan_in", "uniform")
    first, second = (np.asarray(initialise(key, SHAPE)) for key in jax.random.split(KEY))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, initialise(jax.random.split(KEY)[0], SHAPE))
    np.testing.assert_array_equal(
        first, initialise(jax.random.key_data(jax.random.split(KEY)[0]), SHAPE)
    )
    assert jax.jit(initialise, static_argnums=1)(KEY, SHAPE).shape == SHAPE
