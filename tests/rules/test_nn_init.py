"""torch.nn.init: fixed values and statistics of random ones."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
import torch
from flax import nnx
from rules.api import nn_init
from torch import nn

from tests.rules.compare import assert_same, to_jax


@pytest.mark.parametrize("dtype", [jnp.float32, jnp.bfloat16])
def test_constants(dtype):
    x = jnp.full((2, 3), 7, dtype)
    for name, args in (("zeros_", ()), ("ones_", ()), *(("constant_", (v,)) for v in (0, 1, 0.5))):
        actual = getattr(nn_init, name)(x, *args)
        assert actual.dtype == dtype
        assert_same(actual.astype(float), getattr(nn.init, name)(torch.empty(2, 3), *args))


@pytest.mark.parametrize("shape", [(3, 4), (4, 3), (3, 3)])
def test_eye(shape):
    assert_same(nn_init.eye_(jnp.ones(shape)), nn.init.eye_(torch.empty(shape)))


@pytest.mark.parametrize("shape", [(4, 3, 3), (4, 2, 3, 4), (2, 4, 3, 3), (6, 2, 3, 3, 5)])
@pytest.mark.parametrize("groups", [1, 2])
def test_dirac(shape, groups):
    expected = nn.init.dirac_(torch.empty(shape), groups)
    assert_same(nn_init.dirac_(jnp.ones(shape), groups), expected)


@pytest.mark.parametrize(
    "args",
    [
        *(
            (name,)
            for name in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu")
        ),
        ("leaky_relu", 0.3),
        ("leaky_relu", 0),
    ],
)
def test_gain(args):
    assert math.isclose(nn_init.calculate_gain(*args), nn.init.calculate_gain(*args))


@pytest.mark.parametrize("shape", [(3, 4), (3, 4, 5), (3, 4, 5, 6)])
def test_fans(shape):
    expected = nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    assert nn_init.fan_in_and_fan_out(jnp.ones(shape)) == expected


RANDOM = [
    ("normal_", {}),
    ("normal_", {"std": 0.02}),
    ("normal_", {"mean": 1.0, "std": 2.0}),
    ("uniform_", {}),
    ("uniform_", {"a": -0.3, "b": 0.1}),
    ("trunc_normal_", {}),
    ("trunc_normal_", {"mean": 0.5, "std": 0.5, "a": 0.0, "b": 0.7}),
    ("xavier_uniform_", {}),
    ("xavier_uniform_", {"gain": 2.0}),
    ("xavier_normal_", {}),
    ("kaiming_uniform_", {}),
    ("kaiming_uniform_", {"a": math.sqrt(5)}),
    ("kaiming_uniform_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("kaiming_normal_", {}),
    ("kaiming_normal_", {"mode": "fan_out", "nonlinearity": "relu"}),
    ("sparse_", {"sparsity": 0.3}),
]


@pytest.mark.parametrize(("name", "options"), RANDOM)
def test_random_values_have_the_same_distribution(name, options):
    shape = (200, 300) if name == "sparse_" else (40, 50, 30)
    ours = np.asarray(getattr(nn_init, name)(jnp.ones(shape), **options, rngs=nnx.Rngs(0)))
    theirs = getattr(nn.init, name)(torch.empty(shape), **options).numpy()
    assert ours.dtype == theirs.dtype
    assert ours.shape == theirs.shape
    spread = theirs.std()
    quantiles = np.linspace(0.01, 0.99, 21)
    difference = np.quantile(ours, quantiles) - np.quantile(theirs, quantiles)
    assert np.abs(difference).max() < 0.05 * spread
    if name not in ("normal_", "xavier_normal_", "kaiming_normal_", "sparse_"):
        np.testing.assert_allclose(ours.min(), theirs.min(), atol=0.02 * spread)
        np.testing.assert_allclose(ours.max(), theirs.max(), atol=0.02 * spread)


def test_sparse_zeros_the_same_number_in_every_column():
    ours = nn_init.sparse_(jnp.ones((10, 50)), 0.25, rngs=nnx.Rngs(0))
    theirs = nn.init.sparse_(torch.empty(10, 50), 0.25)
    assert_same((ours == 0).sum(axis=0), (theirs == 0).sum(dim=0))
    assert len({tuple(column) for column in np.asarray(ours == 0).T}) > 1


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 2, 3)])
def test_orthogonal(shape):
    for values in (
        np.asarray(nn_init.orthogonal_(jnp.ones(shape), gain=2.0, rngs=nnx.Rngs(0))),
        to_jax(nn.init.orthogonal_(torch.empty(shape), gain=2.0)),
    ):
        matrix = values.reshape(shape[0], -1)
        matrix = matrix if matrix.shape[0] < matrix.shape[1] else matrix.T
        np.testing.assert_allclose(matrix @ matrix.T, 4 * np.eye(len(matrix)), atol=1e-5)


def test_half_precision():
    for name, options in RANDOM:
        ours = getattr(nn_init, name)(jnp.ones((4, 6), jnp.bfloat16), **options, rngs=nnx.Rngs(0))
        assert ours.dtype == jnp.bfloat16
